"""JaCoCo XML, also as Kover and aggregated multi-module builds write it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from battery.readiness.coverage.counts import Pair, attribute, refuse_flattery, whole
from battery.readiness.coverage.markup import Element, elements
from battery.readiness.coverage.paths import each_once, plain_path
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable, FileCoverage, shown
from battery.readiness.coverage.root_element import root_element
from battery.readiness.coverage.tally import Tally

_LATEST = 10**14  # milliseconds, the year 5138: beyond it a stamp is no time


class Jacoco:
    """Reads JaCoCo XML."""

    name = "JaCoCo XML"

    def recognises(self, head: bytes) -> bool:
        """XML whose root element is `report`."""
        return root_element(head) == b"report"

    def read(self, data: bytes) -> CoverageReport:
        """The report in `data`. Raises: CoverageUnreadable."""
        document = _Document()
        for element in elements(data):
            document.see(element)
        return document.report(self.name)


class _SourceFile:
    """One source file's counters and the lines listed beside them."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.counters: dict[str, Pair] = {}
        self._listed: Tally | None = None

    def line(self, attributes: Mapping[str, str]) -> None:
        """Take in a line: covered when any of its instructions ran."""
        where = f"a line of {shown(self.path)}"
        number = whole(attribute(attributes, "nr", where), f"nr of {where}")
        _, ran, missed, taken = (
            whole(attributes.get(key, "0"), f"{key} of {where}") for key in ("mi", "ci", "mb", "cb")
        )
        self._listed = self._listed or Tally()
        self._listed.line(number, covered=ran > 0)
        self._listed.branch(number, missed + taken, taken)

    def coverage(self) -> FileCoverage:
        """The counts. Raises: CoverageUnreadable when the lines tell something worse."""
        lines, branches = (self.counters.get(kind, Pair(0, 0)) for kind in ("LINE", "BRANCH"))
        if self._listed:
            refuse_flattery(f"the lines of {shown(self.path)}", lines, self._listed.lines)
            refuse_flattery(f"the branches of {shown(self.path)}", branches, self._listed.branches)
        return FileCoverage(
            path=self.path,
            lines=lines.total,
            lines_covered=lines.covered,
            branches=branches.total,
            branches_covered=branches.covered,
        )


class _Document:
    """What was seen of one document."""

    def __init__(self) -> None:
        self._package = ""
        self._files: list[_SourceFile] = []
        self._totals: dict[str, Pair] = {}
        self._dumps: list[int] = []
        self._content = False

    def see(self, element: Element) -> None:
        """Take one element in."""
        match element:
            case Element((*_, "sessioninfo"), attributes, None):
                self._session(attributes)
            case Element((*_, "package"), attributes, None):
                self._package, self._content = attribute(attributes, "name", "a package"), True
            case Element((*_, "package", "sourcefile"), attributes, None):
                name = attribute(attributes, "name", "a sourcefile")
                self._files.append(
                    _SourceFile(plain_path(f"{self._package}/{name}" if self._package else name))
                )
            case Element((*_, "package", "sourcefile", "line"), attributes, None):
                self._files[-1].line(attributes)
            case Element((*_, "package", "sourcefile", "counter"), attributes, None):
                _count(self._files[-1].counters, attributes, shown(self._files[-1].path))
            case Element(("report", "counter"), attributes, None):
                _count(self._totals, attributes, "the report")
                self._content = True

    def _session(self, attributes: Mapping[str, str]) -> None:
        dumped = whole(attribute(attributes, "dump", "a sessioninfo"), "the dump time of a sessioninfo")
        if 0 < dumped < _LATEST:
            self._dumps.append(dumped)

    def report(self, name: str) -> CoverageReport:
        """The report, once everything was seen. Raises: CoverageUnreadable."""
        if not self._content:
            raise CoverageUnreadable("it has neither packages nor counters")
        # The same name in two groups may be two modules' files or one file measured twice: only each_once
        # refuses both honestly, since adding and merging are each wrong for one of them.
        files = each_once(file.coverage() for file in self._files)
        generated = datetime.fromtimestamp(max(self._dumps) / 1000, UTC) if self._dumps else None
        report = CoverageReport(format=name, files=files, generated=generated)
        self._compare("LINE", Pair(report.lines, report.lines_covered))
        self._compare("BRANCH", Pair(report.branches, report.branches_covered))
        return report

    def _compare(self, kind: str, counted: Pair) -> None:
        if kind in self._totals:
            refuse_flattery(f"the {kind} counters", counted, self._totals[kind])


def _count(counters: dict[str, Pair], attributes: Mapping[str, str], where: str) -> None:
    """Keep one counter. Raises: CoverageUnreadable when its kind stands twice."""
    kind = attribute(attributes, "type", f"a counter of {where}")
    if kind in counters:
        raise CoverageUnreadable(f"{where} has two counters of type {shown(kind)}")
    missed, covered = (
        whole(attribute(attributes, key, f"a counter of {where}"), f"{key} of a counter of {where}")
        for key in ("missed", "covered")
    )
    counters[kind] = Pair(missed + covered, covered)
