"""Encoding: structs as the JSON that stands in a run folder, and the digest by which files are known."""

import hashlib

import msgspec


def encode(value: object) -> bytes:
    """A struct as indented JSON with a final newline.

    Raises: UnicodeEncodeError when a text in it is not Unicode, as a file name can be.
    """
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def sha256(data: bytes) -> str:
    """The digest by which everything in a run folder is known."""
    return hashlib.sha256(data).hexdigest()
