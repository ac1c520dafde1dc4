"""The key of the fingerprints: the same in every run, so that a waiver still knows its finding tomorrow."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from battery.errors import UsageError
from battery.model.frozen import Frozen

VARIABLE = "BATTERY_FINGERPRINT_KEY"
_NAME = "fingerprint.key"
_SHORTEST = 16


class FingerprintKey(Frozen, frozen=True, kw_only=True):
    """The key, where it comes from, and whether it was made just now: then no earlier waiver can match."""

    key: bytes
    source: str
    new: bool = False


def fingerprint_key(named: str, base: Path, state: Path, environ: Mapping[str, str]) -> FingerprintKey:
    """The key from the environment, from the file that battery.toml names, or one kept beside the runs.

    Raises: UsageError when what was named is no key.
    """
    if VARIABLE in environ:
        return FingerprintKey(key=_checked(environ[VARIABLE].encode(), VARIABLE), source=VARIABLE)
    if named:
        path = base / named
        return FingerprintKey(key=_checked(_read(path), str(path)), source=str(path))
    return _kept(state / _NAME)


def _kept(path: Path) -> FingerprintKey:
    try:
        return FingerprintKey(key=_checked(_read(path), str(path)), source=str(path))
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_hex(32).encode()
    try:
        # Of two runs that begin at once, one makes the key and the other takes it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return FingerprintKey(key=_checked(_read(path), str(path)), source=str(path))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; a key for fingerprints cannot be kept there") from error
    with os.fdopen(handle, "wb") as stream:
        stream.write(key)
    return FingerprintKey(key=key, source=str(path), new=True)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except FileNotFoundError as error:
        if path.name == _NAME:
            raise
        raise UsageError(
            f"{path} does not exist; make it with: openssl rand -hex 32 > {path.name}"
        ) from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; it should hold the key of the fingerprints") from error


def _checked(key: bytes, where: str) -> bytes:
    if len(key) < _SHORTEST:
        raise UsageError(
            f"{where} holds {len(key)} bytes; expected at least {_SHORTEST}: openssl rand -hex 32"
        )
    return key
