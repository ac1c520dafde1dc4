"""What a reader of one kind of source must offer, and how it reaches files."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Protocol

from battery.scan.sbom.component import Inventory
from battery.scan.sbom.unreadable import SourceUnreadable, shown


class SourceFile:
    """A file by its path inside the tree, and a way to the files that it names."""

    def __init__(self, name: str, data: bytes, load: Callable[[str], bytes] | None = None) -> None:
        self.name, self.data, self._load = name, data, load

    def beside(self, reference: str) -> "SourceFile":
        """The file that `reference` names, seen from this file. Raises: SourceUnreadable outside of the tree."""
        parts: list[str] = []
        for part in (PurePosixPath(self.name).parent / reference.replace("\\", "/")).parts:
            if part == "..":
                if not parts:
                    raise SourceUnreadable(f"{shown(reference)!r} leaves the scanned tree")
                parts.pop()
            else:
                parts.append(part)
        if reference.startswith("/") or self._load is None:
            raise SourceUnreadable(f"{shown(reference)!r} stands outside of the scanned tree")
        name = "/".join(parts)
        return SourceFile(name, self._load(name), self._load)


class Source(Protocol):
    """Reads one kind of file."""

    kind: str

    def recognises(self, path: PurePosixPath) -> bool:
        """Whether a file of this path is of this kind."""
        ...

    def read(self, file: SourceFile) -> Inventory:
        """What the file says. Raises: SourceUnreadable."""
        ...
