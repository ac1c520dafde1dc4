"""Files of a tree by their relative path: never beyond it, never endless."""

from collections.abc import Callable
from pathlib import Path

from battery.scan.sbom.unreadable import SourceUnreadable, shown

LARGEST = 64 * 2**20


def loader(tree: Path, largest: int = LARGEST) -> Callable[[str], bytes]:
    """Reads a file of the tree. What it returns raises SourceUnreadable."""
    root = tree.resolve()

    def load(name: str) -> bytes:
        path = root / name
        try:
            if not path.resolve().is_relative_to(root):
                raise SourceUnreadable(f"{shown(name)!r} is a link that leaves the scanned tree")
            if not path.is_file():
                raise SourceUnreadable(f"{shown(name)!r} is not there, or no plain file")
            if (size := path.stat().st_size) > largest:
                raise SourceUnreadable(f"{size} bytes, and at most {largest} are read")
            return path.read_bytes()
        except (OSError, ValueError, RuntimeError) as error:
            problem = getattr(error, "strerror", None) or type(error).__name__
            raise SourceUnreadable(f"{shown(name)!r} cannot be opened ({problem})") from error

    return load
