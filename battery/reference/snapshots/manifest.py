"""The manifest: what a backup holds, and the sha256 of each of its files."""

import hashlib
from pathlib import Path

import msgspec

from battery.reference.snapshots.failure import SnapshotRefused

NAME, SEAL = "manifest.json", "manifest.sha256"
FORMAT = "battery-reference-snapshot/1"


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the backup."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When it was taken, the digest over the content, and the files."""

    format: str
    taken_at: str
    digest: str
    members: tuple[Member, ...]


def member_of(file: Path) -> Member:
    """The entry of a file that lies on disk."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Member(file.name, file.stat().st_size, digest)


def read_manifest(data: bytes, seal: bytes) -> Manifest:
    """The manifest in these bytes.

    Raises: SnapshotRefused when they are not what was sealed, or no manifest.
    """
    if hashlib.sha256(data).hexdigest().encode() != seal.strip():
        raise SnapshotRefused("its manifest was changed after it was made: use another backup")
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SnapshotRefused(f"its manifest cannot be read: {error}") from None
    if manifest.format != FORMAT:
        raise SnapshotRefused(f"its format is {manifest.format!r}, this service reads {FORMAT}")
    return manifest
