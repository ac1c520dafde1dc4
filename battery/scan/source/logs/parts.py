"""Parts: a log may be larger than memory, so it is read in parts that end at a line, each knowing its first line."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Protocol

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


class Log(Protocol):
    """A log by its name, in bytes."""

    @property
    def name(self) -> str:
        """As findings name it."""

    def size(self) -> int:
        """Its bytes, as far as they are known before it is read."""

    def opened(self) -> AbstractContextManager[IO[bytes]]:
        """It, to be read once.

        Raises: OSError.
        """


class LogFile(Frozen, frozen=True, kw_only=True):
    """A log that stands in a file."""

    path: Path

    @property
    def name(self) -> str:
        """Its path."""
        return shown(str(self.path))

    def size(self) -> int:
        """Its bytes; none where it is not there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def opened(self) -> AbstractContextManager[IO[bytes]]:
        """The file."""
        return self.path.open("rb")


class Logs:
    """The logs as pieces; what is not there or cannot be read is told, not passed over."""

    def __init__(self, logs: tuple[Log, ...], part: int = PART) -> None:
        self._logs, self._part = logs, part
        self.parts: dict[str, Part] = {}
        self.unread: dict[str, str] = {}

    def size(self) -> int:
        """Bytes of the logs that are there."""
        return sum(log.size() for log in self._logs)

    def pieces(self) -> Iterator[Piece]:
        """Every part of every log, read as the pool asks for it."""
        for log in self._logs:
            try:
                yield from self._pieces_of(log)
            except OSError as error:
                self.unread[log.name] = f"cannot be read: {error.strerror}"

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

    def _pieces_of(self, log: Log) -> Iterator[Piece]:
        number = before = 0
        with log.opened() as stream:
            while content := stream.read(self._part):
                content += stream.readline(self._part)
                name = f"{log.name}#{number}"
                self.parts[name] = Part(log=log.name, lines_before=before)
                yield Piece(name=name, size=len(content), content=content)
                number, before = number + 1, before + content.count(b"\n")
        if number == 0:
            self.unread[log.name] = "empty: nothing to judge"
