"""LCOV tracefiles (geninfo's format), as gcov, Istanbul, LLVM, Go and coverage.py write them."""

import re
from collections import Counter, defaultdict

from battery.readiness.coverage.counts import Pair, refuse_flattery, whole
from battery.readiness.coverage.paths import each_once, plain_path
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable, shown
from battery.readiness.coverage.tally import Tally

_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n)*(?:TN|SF):")
_RECORD = re.compile(r"([A-Z]+):(.*)\Z", re.DOTALL)
_BRANCH = re.compile(r"([^,]*),([^,]*,.*),([^,]*)\Z")
_END = "end_of_record"
_TOTALS = {"LF", "LH", "BRF", "BRH"}


class Lcov:
    """Reads LCOV tracefiles."""

    name = "LCOV"

    def recognises(self, head: bytes) -> bool:
        """Text whose first record names a test or a source file."""
        return _BEGINNING.match(head) is not None

    def read(self, data: bytes) -> CoverageReport:
        """The report in `data`. Raises: CoverageUnreadable."""
        trace = _Trace()
        for number, line in enumerate(_text(data).split("\n"), start=1):
            trace.see(line.strip(), f"line {number}")
        return trace.report(self.name)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CoverageUnreadable(f"byte {error.start} is not UTF-8") from error


class _Trace:
    """What was seen of one tracefile."""

    def __init__(self) -> None:
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self._section: _Section | None = None

    def see(self, line: str, where: str) -> None:
        """Take one line in. Raises: CoverageUnreadable."""
        if not line or line.startswith("#"):
            return
        if line == _END:
            self._close(where)
            return
        found = _RECORD.match(line)
        if not found:
            raise CoverageUnreadable(f"{where} is no record: {shown(line)!r}")
        self._record(found[1], found[2], where)

    def _record(self, kind: str, rest: str, where: str) -> None:
        if kind == "SF":
            self._open(plain_path(rest), where)
        elif kind in {"DA", "BRDA", *_TOTALS}:
            if self._section is None:
                raise CoverageUnreadable(f"{where} has {kind} before any SF")
            self._section.see(kind, rest, where)

    def _open(self, path: str, where: str) -> None:
        if self._section is not None:
            raise CoverageUnreadable(
                f"{where} begins a file before the {_END} of {shown(self._section.path)}"
            )
        self._section = _Section(path)

    def _close(self, where: str) -> None:
        if self._section is None:
            raise CoverageUnreadable(f"{where} ends a record that never began")
        self._section.closed().retell(self._tallies[self._section.path])
        self._section = None

    def report(self, name: str) -> CoverageReport:
        """The report, once everything was seen. Raises: CoverageUnreadable."""
        if self._section is not None:
            raise CoverageUnreadable(f"it is cut off inside {shown(self._section.path)}: no {_END}")
        if not self._tallies:
            raise CoverageUnreadable("it names no source file")
        return CoverageReport(format=name, files=each_once(t.file(path) for path, t in self._tallies.items()))


class _Section:
    """One test's view of one file, from SF to end_of_record."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._tally = Tally()
        self._times: Counter[tuple[int, str]] = Counter()
        self._lines = 0
        self._totals: dict[str, int] = {}

    def see(self, kind: str, rest: str, where: str) -> None:
        """Take one record in. Raises: CoverageUnreadable."""
        if kind == "DA":
            self._line(rest, where)
        elif kind == "BRDA":
            self._branch(rest, where)
        elif kind in self._totals:
            raise CoverageUnreadable(f"{where} states {kind} twice for one file")
        else:
            self._totals[kind] = whole(rest, f"{kind} at {where}")

    def _line(self, rest: str, where: str) -> None:
        number, hits, *_ = (*rest.split(","), "")  # a checksum may follow
        self._tally.line(
            whole(number, f"the line of DA at {where}"), covered=whole(hits, f"hits at {where}") > 0
        )
        self._lines += 1

    def _branch(self, rest: str, where: str) -> None:
        """Block and branch stay text: coverage.py writes a sentence, with commas in it, for the branch."""
        found = _BRANCH.match(rest)
        if not found:
            raise CoverageUnreadable(f"{where} is no BRDA record: {shown(rest)!r}")
        number, name, taken = found.groups()
        key = whole(number, f"the line of BRDA at {where}"), name
        covered = taken != "-" and whole(taken, f"times taken at {where}") > 0
        # A name told twice in one section is two branches that its writer could not tell apart.
        self._tally.branch((*key, self._times[key]), 1, int(covered))
        self._times[key] += 1

    def closed(self) -> Tally:
        """The tally. Raises: CoverageUnreadable when the totals at its end tell something worse."""
        self._compare("lines", "L", Pair(self._lines, self._tally.lines.covered))
        self._compare("branches", "BR", self._tally.branches)
        return self._tally

    def _compare(self, noun: str, prefix: str, listed: Pair) -> None:
        found, hit = (self._totals.get(f"{prefix}{end}") for end in "FH")
        stated = Pair(listed.total if found is None else found, listed.covered if hit is None else hit)
        refuse_flattery(f"the {noun} of {shown(self.path)}", listed, stated)
