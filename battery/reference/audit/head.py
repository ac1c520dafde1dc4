"""The head: how far the log goes, in a file of its own and under the key. Without it nobody would miss its end."""

import hmac
import os
from pathlib import Path

import msgspec

from battery.reference.audit.chain import Link

FILE = "audit.head"


class Head(msgspec.Struct, frozen=True):
    """A link and the code that vouches for it."""

    records: int
    hash: str
    size: int
    mac: str


class WrongHead(ValueError):
    """The head is not there or was not made with the key."""


def write_head(file: Path, link: Link, key: bytes) -> None:
    """Replace the head at once and durably.

    Raises: OSError.
    """
    fresh = file.with_name(f"{file.name}.fresh")
    with fresh.open("wb") as opened:
        opened.write(msgspec.json.encode(Head(link.records, link.hash, link.size, _mac(link, key))) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)


def read_head(file: Path, key: bytes) -> Link:
    """Where the log must end.

    Raises: WrongHead.
    """
    try:
        head = msgspec.json.decode(file.read_bytes(), type=Head)
    except OSError as error:
        raise WrongHead(f"{file} cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise WrongHead(f"{file} is no head of an audit log") from None
    link = Link(head.records, head.hash, head.size)
    if not hmac.compare_digest(head.mac.encode(), _mac(link, key).encode()):
        raise WrongHead(f"{file} was not made with the key of this service")
    return link


def _mac(link: Link, key: bytes) -> str:
    return hmac.digest(key, f"head {link.records} {link.hash} {link.size}".encode(), "sha256").hex()
