"""Cobertura XML, as Cobertura, `coverage xml`, gcovr, coverlet and others write it."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime

from battery.readiness.coverage.counts import Pair, attribute, refuse_flattery, whole
from battery.readiness.coverage.markup import Element, elements
from battery.readiness.coverage.paths import each_once, plain_path
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable, shown
from battery.readiness.coverage.root_element import root_element
from battery.readiness.coverage.tally import Tally

_CONDITIONS = re.compile(r"\s*[0-9.]+\s*%\s*\(([0-9]{1,18})/([0-9]{1,18})\)\s*\Z")
_MILLISECONDS_FROM = 10**11  # as seconds this is the year 5138: larger stamps count milliseconds


class Cobertura:
    """Reads Cobertura XML."""

    name = "Cobertura XML"

    def recognises(self, head: bytes) -> bool:
        """XML whose root element is `coverage`."""
        return root_element(head) == b"coverage"

    def read(self, data: bytes) -> CoverageReport:
        """The report in `data`. Raises: CoverageUnreadable."""
        document = _Document()
        for element in elements(data):
            document.see(element)
        return document.report(self.name)


class _Document:
    """What was seen of one document."""

    def __init__(self) -> None:
        self._root: dict[str, str] = {}
        self._packages = False
        self._package, self._class, self._file = "", "", ""
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self._classes: Counter[tuple[str, str, str]] = Counter()
        self._sources: list[str] = []
        self._lines, self._branches = 0, 0  # as listed, before lines listed twice are merged

    def see(self, element: Element) -> None:
        """Take one element in."""
        match element:
            case Element(("coverage",), attributes, None):
                self._root = attributes
            case Element(("coverage", "sources", "source"), _, str(text)) if text.strip():
                self._sources.append(text.strip())
            case Element(("coverage", "packages"), _, None):
                self._packages = True
            case Element((*_, "package"), attributes, None):
                self._package = attributes.get("name", "")
            case Element((*_, "class"), attributes, None):
                self._open_class(attributes)
            case Element((*_, "class"), _, str()):
                self._file = ""
            case Element((*_, "line"), attributes, None):
                self._line(attributes)

    def _open_class(self, attributes: Mapping[str, str]) -> None:
        self._class = attributes.get("name", "")
        self._file = plain_path(attribute(attributes, "filename", f"class {shown(self._class)}"))
        self._classes[self._package, self._class, self._file] += 1
        self._tallies[self._file]  # a file without lines is still a file of the report

    def _line(self, attributes: Mapping[str, str]) -> None:
        if not self._file:
            raise CoverageUnreadable("a line stands outside of a class")
        where = f"a line of {shown(self._file)}"
        number = whole(attribute(attributes, "number", where), f"the number of {where}")
        hits = whole(attribute(attributes, "hits", where), f"hits of {where}")
        tally = self._tallies[self._file]
        tally.line(number, covered=hits > 0)
        self._lines += 1
        if conditions := _conditions(attributes, f"line {number} of {shown(self._file)}"):
            # Two classes on one line (a lambda, an inner class) have different conditions there.
            tally.branch((self._package, self._class, number), *conditions)
            self._branches += conditions.total

    def report(self, name: str) -> CoverageReport:
        """The report, once everything was seen. Raises: CoverageUnreadable."""
        if not self._packages:
            raise CoverageUnreadable("it has no packages element")
        self._refuse_ambiguity()
        files = each_once(tally.file(path) for path, tally in self._tallies.items())
        report = CoverageReport(
            format=name,
            files=files,
            generated=_time(self._root.get("timestamp", "")),
            sources=tuple(self._sources),
        )
        self._compare("lines", Pair(self._lines, report.lines_covered))
        self._compare("branches", Pair(self._branches, report.branches_covered))
        return report

    def _refuse_ambiguity(self) -> None:
        """With several source folders, one class told twice may be two files of the same name."""
        twice = [file for (_, _, file), times in self._classes.items() if times > 1]
        if twice and len(self._sources) > 1:
            raise CoverageUnreadable(f"{shown(twice[0])} stands twice and there are several source folders")

    def _compare(self, noun: str, listed: Pair) -> None:
        """Compare with the totals on the root element, which old writers leave out."""
        valid, covered = (self._root.get(f"{noun}-{end}") for end in ("valid", "covered"))
        total = listed.total if valid is None else whole(valid, f"{noun}-valid")
        taken = listed.covered if covered is None else whole(covered, f"{noun}-covered")
        refuse_flattery(f"the totals of {noun}", listed, Pair(total, taken))


def _conditions(attributes: Mapping[str, str], where: str) -> Pair | None:
    """The branches at a line. Raises: CoverageUnreadable when they are announced but not counted."""
    text = attributes.get("condition-coverage")
    if text is None and attributes.get("branch", "false").lower() != "true":
        return None
    found = _CONDITIONS.match(text or "")
    if not found:
        raise CoverageUnreadable(
            f"the condition-coverage of {where} is {shown(text or '')!r}, not like '50% (1/2)'"
        )
    covered, total = int(found[1]), int(found[2])
    if covered > total:
        raise CoverageUnreadable(f"{where} has {covered} of {total} conditions covered")
    return Pair(total, covered)


def _time(text: str) -> datetime | None:
    """The moment of a stamp in seconds or milliseconds; several writers put 0 for "not known"."""
    if not re.fullmatch(r"[0-9]{1,14}", text) or int(text) == 0:
        return None
    stamp = int(text)
    return datetime.fromtimestamp(stamp / 1000 if stamp >= _MILLISECONDS_FROM else stamp, UTC)
