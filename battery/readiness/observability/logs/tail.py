"""Log files while the target writes to them: how far each is, what was added since, and its last part."""

from collections.abc import Iterable, Mapping
from pathlib import Path

LARGEST = 8 * 2**20


class LogFiles:
    """Reads only; a file that was turned over is read from its beginning."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)

    def marks(self) -> dict[Path, int]:
        """How long each file is."""
        return {path: _size(path) for path in self.paths}

    def since(self, marks: Mapping[Path, int]) -> list[str]:
        """The whole lines that were added; bytes that are no text come as replacement characters."""
        lines = []
        for path in self.paths:
            size, begin = _size(path), marks.get(path, 0)
            lines += _whole_lines(_read(path, begin if begin <= size else 0))
        return lines

    def last(self, largest: int = LARGEST) -> list[str]:
        """The last whole lines of every file."""
        lines = []
        for path in self.paths:
            begin = max(_size(path) - largest, 0)
            text = _whole_lines(_read(path, begin))
            lines += text[1:] if begin else text
        return lines


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read(path: Path, begin: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(begin)
            return file.read(LARGEST)
    except OSError:
        return b""


def _whole_lines(data: bytes) -> list[str]:
    """Without the line that is still being written."""
    return data[: data.rfind(b"\n") + 1].decode("utf-8", "replace").split("\n")[:-1]
