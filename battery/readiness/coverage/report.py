"""What a coverage report says, whatever its format, and what a reader of one format must offer."""

from datetime import datetime
from typing import Protocol

from battery.errors import BatteryError
from battery.model.frozen import Frozen


class CoverageUnreadable(BatteryError):
    """A coverage report cannot be believed: says which file, what is wrong with it and what was expected."""

    exit_code = 2

    def __init__(
        self, problem: str, *, expected: str = "a coverage report", file: str = "the report"
    ) -> None:
        self.problem, self.expected, self.file = problem, expected, file
        super().__init__(f"{shown(file, 200)}: {problem} (expected {expected})")


class FileCoverage(Frozen, frozen=True, kw_only=True):
    """The counts of one source file. Raises: CoverageUnreadable for counts that cannot be."""

    path: str
    lines: int
    lines_covered: int
    branches: int
    branches_covered: int

    def __post_init__(self) -> None:
        """Refuse impossible counts wherever they come from."""
        pairs = (
            (self.lines_covered, self.lines, "lines"),
            (self.branches_covered, self.branches, "branches"),
        )
        for covered, total, noun in pairs:
            if not 0 <= covered <= total:
                raise CoverageUnreadable(f"{shown(self.path)} has {covered} of {total} {noun} covered")


class CoverageReport(Frozen, frozen=True, kw_only=True):
    """All files of one report, each once, in the order of their paths."""

    format: str
    files: tuple[FileCoverage, ...]
    generated: datetime | None = None
    """When the report says it was made; without a zone where the report states none."""
    sources: tuple[str, ...] = ()
    """The folders that relative paths may start from, where the report names some."""

    @property
    def lines(self) -> int:
        """The lines that can run."""
        return sum(file.lines for file in self.files)

    @property
    def lines_covered(self) -> int:
        """The lines that ran."""
        return sum(file.lines_covered for file in self.files)

    @property
    def branches(self) -> int:
        """The branches recorded."""
        return sum(file.branches for file in self.files)

    @property
    def branches_covered(self) -> int:
        """The branches taken."""
        return sum(file.branches_covered for file in self.files)

    @property
    def line_percent(self) -> float | None:
        """The share of lines that ran; None when there is no line."""
        return percent(self.lines_covered, self.lines)

    @property
    def branch_percent(self) -> float | None:
        """The share of branches taken; None when no branch was recorded."""
        return percent(self.branches_covered, self.branches)


class Reader(Protocol):
    """Reads one format."""

    name: str

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins so is of this format."""
        ...

    def read(self, data: bytes) -> CoverageReport:
        """The report in `data`. Raises: CoverageUnreadable."""
        ...


def percent(covered: int, total: int) -> float | None:
    """`covered` as a percentage of `total`; None when there is nothing to cover."""
    return 100 * covered / total if total else None


def shown(text: str, longest: int = 80) -> str:
    """Text from a report, made safe for one line of an error message."""
    return ascii(text if len(text) <= longest else text[:longest] + "…")[1:-1]
