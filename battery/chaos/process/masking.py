"""Masking: the secrets of a program are taken out of what it prints, also where one of them has several lines."""

from collections.abc import Callable, Sequence

from battery.redaction import SHORTEST, redactor


def masking(secrets: Sequence[str]) -> Callable[[bytes], bytes]:
    """What takes the secrets out of output; one of several lines is met whole and line by line."""
    parts = {part for secret in secrets for part in (secret, *secret.splitlines())}
    return redactor([part for part in parts if len(part) >= SHORTEST])
