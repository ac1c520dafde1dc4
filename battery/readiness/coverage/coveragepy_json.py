"""coverage.py's own JSON, with or without branches and contexts."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, NoReturn

import msgspec

from battery.readiness.coverage.counts import Pair, refuse_flattery
from battery.readiness.coverage.paths import each_once, plain_path
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable, FileCoverage, shown

_Count = Annotated[int, msgspec.Meta(ge=0, lt=10**18)]


class _Summary(msgspec.Struct, frozen=True):
    num_statements: _Count
    covered_lines: _Count
    num_branches: _Count | None = None
    covered_branches: _Count | None = None

    @property
    def lines(self) -> Pair:
        return Pair(self.num_statements, self.covered_lines)

    @property
    def branches(self) -> Pair:
        return Pair(self.num_branches or 0, self.covered_branches or 0)


class _File(msgspec.Struct, frozen=True):
    summary: _Summary
    executed_lines: list[int] | None = None
    missing_lines: list[int] | None = None
    missing_branches: list[tuple[int, int]] | None = None


class _Meta(msgspec.Struct, frozen=True):
    branch_coverage: bool = False
    timestamp: str = ""


class _Document(msgspec.Struct, frozen=True):
    meta: _Meta
    files: dict[str, _File]
    totals: _Summary


class CoveragePyJson:
    """Reads what `coverage json` writes."""

    name = "coverage.py JSON"

    def recognises(self, head: bytes) -> bool:
        """A JSON object that opens with one of coverage.py's keys."""
        opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return opening.startswith(b"{") and (b'"meta"' in opening or b'"files"' in opening)

    def read(self, data: bytes) -> CoverageReport:
        """The report in `data`. Raises: CoverageUnreadable."""
        document = _decoded(data)
        files = each_once(_file(path, file, document.meta) for path, file in document.files.items())
        report = CoverageReport(format=self.name, files=files, generated=_time(document.meta.timestamp))
        refuse_flattery(
            "the totals of lines", Pair(report.lines, report.lines_covered), document.totals.lines
        )
        refuse_flattery(
            "the totals of branches", Pair(report.branches, report.branches_covered), document.totals.branches
        )
        return report


# msgspec's own JSON decoder keeps the last of two equal keys; the standard library lets us refuse them.
def _decoded(data: bytes) -> _Document:
    try:
        raw = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_not_a_number)
        return msgspec.convert(raw, _Document)
    except (ValueError, RecursionError) as error:
        raise CoverageUnreadable(shown(str(error), 120)) from error


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CoverageUnreadable(f"the key {shown(key)!r} stands twice in one object")
        found[key] = value
    return found


def _not_a_number(constant: str) -> NoReturn:
    raise CoverageUnreadable(f"{constant} is not a number")


def _file(path: str, file: _File, meta: _Meta) -> FileCoverage:
    summary, name = file.summary, shown(path)
    if meta.branch_coverage and (summary.num_branches is None or summary.covered_branches is None):
        raise CoverageUnreadable(f"{name} has no branch counts in a report with branch coverage")
    counted = FileCoverage(
        path=plain_path(path),
        lines=summary.num_statements,
        lines_covered=summary.covered_lines,
        branches=summary.branches.total,
        branches_covered=summary.branches.covered,
    )
    _refuse_unlisted(name, file)
    return counted


def _refuse_unlisted(name: str, file: _File) -> None:
    """Compare the counts with the lists beside them; executed lines may also hold excluded ones."""
    lines, branches = file.summary.lines, file.summary.branches
    if file.missing_lines is not None and file.executed_lines is not None:
        listed = Pair(lines.covered + len(file.missing_lines), len(file.executed_lines))
        refuse_flattery(f"the lines of {name}", lines, listed)
    if file.missing_branches is not None:
        listed = Pair(branches.covered + len(file.missing_branches), branches.covered)
        refuse_flattery(f"the branches of {name}", branches, listed)


def _time(text: str) -> datetime | None:
    """coverage.py writes local time without a zone; another spelling is no reason to refuse the counts."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
