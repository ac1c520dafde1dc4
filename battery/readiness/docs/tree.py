"""The documents of a source tree, read within bounds."""

import os
from collections.abc import Iterator
from pathlib import Path

from battery.errors import BatteryError
from battery.readiness.coverage.report import shown
from battery.readiness.docs.markdown import Document, read_markdown

LARGEST = 4 * 2**20
_MOST_DOCUMENTS = 2000
_SKIPPED = {"node_modules", "venv", "target", "build", "dist", "vendor", "__pycache__", "site-packages"}


class DocumentsUnreadable(BatteryError):
    """The documents cannot be judged: says which, and why."""

    exit_code = 2


class DocumentTree:
    """A source tree, its documents read once each."""

    def __init__(self, root: Path) -> None:
        """Raises: DocumentsUnreadable when there is no such folder."""
        if not root.is_dir():
            raise DocumentsUnreadable(
                f"{root}: there is no such folder; name the source tree in battery.toml, [source] path"
            )
        self.root = Path(os.path.realpath(root))
        self._read: dict[Path, Document] = {}
        self._listed: dict[Path, frozenset[str]] = {}

    def document(self, path: str) -> Document:
        """The document at a path in the tree.

        Raises: DocumentsUnreadable.
        """
        real = self.inside(path)
        if real is None or not real.is_file():
            raise DocumentsUnreadable(f"{shown(path)}: there is no such document in {self.root}")
        if real not in self._read:
            self._read[real] = read_markdown(self._text(real, path))
        return self._read[real]

    def inside(self, path: str) -> Path | None:
        """What a path of the tree means; none when nothing is there, or it leads out of the tree.

        The spelling counts: a link that works on a disk which ignores case is dead on GitHub.
        """
        try:
            place = Path(os.path.normpath(self.root / path))
            real = Path(os.path.realpath(place))
        except ValueError:  # a name that no file system takes
            return None
        if not (place.is_relative_to(self.root) and real.is_relative_to(self.root)):
            return None
        return real if real.exists() and self._is_spelled_so(place) else None

    def documents(self) -> tuple[str, ...]:
        """The paths of all Markdown documents, hidden and installed folders left out."""
        return tuple(sorted(self._walk()))

    def _walk(self) -> Iterator[str]:
        count = 0
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
            for name in names:
                if name.lower().endswith((".md", ".markdown")) and not Path(folder, name).is_symlink():
                    count += 1
                    if count > _MOST_DOCUMENTS:
                        raise DocumentsUnreadable(f"{self.root}: more than {_MOST_DOCUMENTS} documents")
                    yield Path(folder, name).relative_to(self.root).as_posix()

    def _is_spelled_so(self, place: Path) -> bool:
        while place != self.root:
            if place.name not in self._names(place.parent):
                return False
            place = place.parent
        return True

    def _names(self, folder: Path) -> frozenset[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = frozenset(found.name for found in folder.iterdir())
            except OSError:  # a folder that may be entered but not listed
                self._listed[folder] = frozenset()
        return self._listed[folder]

    def _text(self, real: Path, path: str) -> str:
        try:
            with real.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise DocumentsUnreadable(f"{shown(path)}: cannot be read: {error.strerror}") from error
        if len(data) > LARGEST:
            raise DocumentsUnreadable(f"{shown(path)}: larger than {LARGEST} bytes")
        return data.decode("utf-8-sig", "replace")
