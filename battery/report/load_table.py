"""The load table for a person: stages and endpoints with their rates of failure and their latencies."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TextIO

from battery.report.legible import fitted, legible


class LoadRow(Protocol):
    """What the table needs to know about one endpoint in one stage."""

    @property
    def profile(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    @property
    def counted(self) -> bool: ...
    @property
    def sent(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def p50(self) -> float | None: ...
    @property
    def p90(self) -> float | None: ...
    @property
    def p99(self) -> float | None: ...
    @property
    def p999(self) -> float | None: ...
    @property
    def errors(self) -> Mapping[str, int]: ...


_HEAD = ("profile", "stage", "endpoint", "sent", "failed", "p50 ms", "p90", "p99", "p99.9", "errors")

_WORDS = {"status": "wrong status", "exception": "raised an exception"}


def render_rows(rows: Iterable[LoadRow], stream: TextIO) -> None:
    """Aligned columns; a warm-up, which no verdict counts, says so."""
    table = [_HEAD, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(_HEAD))]
    for line in table:
        text = "  ".join(
            _aligned(cell, width, column)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        stream.write(fitted(text.rstrip(), stream.encoding) + "\n")


def _cells(row: LoadRow) -> tuple[str, ...]:
    stage = row.stage if row.counted else f"{row.stage} (not counted)"
    errors = ", ".join(f"{count} {_words(kind)}" for kind, count in sorted(row.errors.items()))
    latencies = (_number(row.p50), _number(row.p90), _number(row.p99), _number(row.p999))
    names = (row.profile, legible(stage, 30), legible(row.endpoint, 30))
    return (*names, str(row.sent), str(row.failed), *latencies, errors)


def _words(kind: str) -> str:
    return _WORDS.get(kind, kind)


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if 3 <= column <= 8 else cell.ljust(width)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
