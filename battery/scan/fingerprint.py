"""Fingerprints: what makes a finding the same one after the code around it moved, and another one when it changed.

Both are keyed: a fingerprint or a sealed content tells nobody what password stands behind it, not even by trying some.
"""

import hmac
from collections.abc import Iterable

_SEALED = 40


class Fingerprints:
    """Fingerprints and seals under one key, which belongs to whoever runs the scans and stays the same between them."""

    def __init__(self, key: bytes) -> None:
        if not key:
            raise ValueError("fingerprints need a key: without one anybody could guess what a finding holds")
        self._key = key

    def seal(self, content: str) -> str:
        """The content as a keyed digest: equal for contents that differ in white space only."""
        return self._digest("content", [normalised(content)])[:_SEALED]

    def of(self, rule: str, path: str, content: str, ordinal: int = 0) -> str:
        """The fingerprint of one place; `ordinal` tells equal contents in one file apart, first to last."""
        return self._digest("place", [rule, path, normalised(content), str(ordinal)])[:32]

    def of_all(self, places: Iterable[str]) -> str:
        """The fingerprint of a finding that stands in several places, from theirs: one place more is another finding."""
        every = sorted(places)
        return every[0] if len(every) == 1 else self._digest("places", every)[:32]

    def _digest(self, kind: str, parts: Iterable[str]) -> str:
        # Lengths before the parts: no two lists of parts can spell the same message.
        message = b"".join(
            len(encoded).to_bytes(8, "big") + encoded
            for encoded in (part.encode("utf-8", "surrogateescape") for part in (kind, *parts))
        )
        return hmac.digest(self._key, message, "sha256").hex()


def normalised(content: str) -> str:
    """The content with every run of white space as one blank."""
    return " ".join(content.split())
