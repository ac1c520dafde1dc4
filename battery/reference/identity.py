"""Who is served: the name, the version and a digest over the service's own source."""

import hashlib
from pathlib import Path

import msgspec

NAME = "battery-reference"
VERSION = "0.1.0"


class Identity(msgspec.Struct, frozen=True):
    """What `/version` answers."""

    name: str
    version: str
    commit: str


def source_digest(folder: Path) -> str:
    """The sha256 over the relative path and the bytes of every Python file under `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        # Lengths keep two different trees from running together into one stream.
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def own_identity() -> Identity:
    """The identity of this package as it lies on disk at the moment of the call."""
    return Identity(NAME, VERSION, source_digest(Path(__file__).parent))
