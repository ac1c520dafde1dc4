"""Parts: a log may be larger than memory, so it is read in parts that end at a line, each knowing its first line."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from battery.model.frozen import Frozen
from battery.scan.interface import Found
from battery.scan.source.logs.bursts import burst_found, bursts
from battery.scan.source.logs.failure import unpacked
from battery.scan.source.pool_messages import Piece
from battery.scan.source.tree import shown

PART = 4 * 1024 * 1024


class Part(Frozen, frozen=True, kw_only=True):
    """Some lines of one log: which log, and how many lines stand before them."""

    log: str
    lines_before: int


class Logs:
    """The logs as pieces; what is not there or cannot be read is told, not passed over."""

    def __init__(self, files: tuple[Path, ...], part: int = PART) -> None:
        self._files, self._part = files, part
        self.parts: dict[str, Part] = {}
        self.unread: dict[str, str] = {}

    def size(self) -> int:
        """Bytes of the logs that are there."""
        return sum(file.stat().st_size for file in self._files if file.is_file())

    def pieces(self) -> Iterator[Piece]:
        """Every part of every log, read as the pool asks for it."""
        for file in self._files:
            try:
                yield from self._pieces_of(file)
            except OSError as error:
                self.unread[shown(str(file))] = f"cannot be read: {error.strerror}"

    def bursts(self, marks: Mapping[str, bytes]) -> Iterator[Found]:
        """The bursts of failed logins in the marks of parts, which come in any order; a canary is its own log."""
        parts = {name: part for name, part in self.parts.items() if name in marks}
        parts |= {name: Part(log=name, lines_before=0) for name in marks if name not in parts}
        for log in dict.fromkeys(part.log for part in parts.values()):
            failures = (
                failure
                for name, part in parts.items()
                if part.log == log
                for failure in unpacked(marks[name], name, part.lines_before)
            )
            yield from map(burst_found, bursts(failures))

    def _pieces_of(self, file: Path) -> Iterator[Piece]:
        log, number, before = shown(str(file)), 0, 0
        with file.open("rb") as stream:
            while content := stream.read(self._part):
                content += stream.readline(self._part)
                name = f"{log}#{number}"
                self.parts[name] = Part(log=log, lines_before=before)
                yield Piece(name=name, size=len(content), content=content)
                number, before = number + 1, before + content.count(b"\n")
        if number == 0:
            self.unread[log] = "empty: nothing to judge"
