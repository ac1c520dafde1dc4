"""The key of the audit log: from the environment, or made once and kept where only the service reads."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "REFERENCE_AUDIT_KEY"
FILE = "audit.key"
_LEAST = 16


class WrongKey(ValueError):
    """There is no key that could be used."""


def key_in(environment: Mapping[str, str]) -> bytes | None:
    """The key that the environment gives, None when it gives none.

    Raises: WrongKey when it is too short to be one.
    """
    text = environment.get(VARIABLE, "")
    if text and len(text) < _LEAST:
        raise WrongKey(f"{VARIABLE} has {len(text)} characters; a key needs at least {_LEAST}")
    return text.encode() or None


def kept_key(folder: Path) -> bytes:
    """The key that stands in the data folder.

    Raises: WrongKey when it is not there.
    """
    try:
        return _checked((folder / FILE).read_bytes().strip(), folder / FILE)
    except OSError as error:
        where = f"set {VARIABLE}, or name the service's data folder with --data"
        raise WrongKey(f"{folder / FILE} cannot be read ({error.strerror}): {where}") from None


def own_key(folder: Path) -> bytes:
    """The key in the data folder; the first call makes it.

    Raises: OSError, WrongKey.
    """
    file = folder / FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept_key(folder)
    with os.fdopen(descriptor, "wb") as opened:
        key = secrets.token_hex(32).encode()
        opened.write(key + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    return key


def _checked(key: bytes, file: Path) -> bytes:
    if len(key) < _LEAST:
        raise WrongKey(f"{file} holds {len(key)} bytes; a key needs at least {_LEAST}")
    return key
