"""One file's lines and branches, collected from sections that may repeat each other."""

from collections.abc import Hashable

from battery.readiness.coverage.counts import Pair
from battery.readiness.coverage.report import FileCoverage


class Tally:
    """Merges what is told of one file; the order of telling never changes the result."""

    def __init__(self) -> None:
        self._lines: dict[int, bool] = {}
        self._branches: dict[Hashable, Pair] = {}

    def line(self, number: int, *, covered: bool) -> None:
        """A line can run, and did or did not."""
        self._lines[number] = self._lines.get(number, False) or covered

    def branch(self, key: Hashable, total: int, covered: int) -> None:
        """The branches at `key`. Told twice, the larger counts hold: which ones were taken is not known."""
        before = self._branches.get(key, Pair(0, 0))
        self._branches[key] = Pair(max(total, before.total), max(covered, before.covered))

    def retell(self, listener: "Tally") -> None:
        """Tell another tally everything that this one was told."""
        for number, covered in self._lines.items():
            listener.line(number, covered=covered)
        for key, told in self._branches.items():
            listener.branch(key, told.total, told.covered)

    @property
    def lines(self) -> Pair:
        """The lines so far."""
        return Pair(len(self._lines), sum(self._lines.values()))

    @property
    def branches(self) -> Pair:
        """The branches so far."""
        told = self._branches.values()
        return Pair(sum(pair.total for pair in told), sum(pair.covered for pair in told))

    def file(self, path: str) -> FileCoverage:
        """The counts under a path."""
        (lines, lines_covered), (branches, branches_covered) = self.lines, self.branches
        return FileCoverage(
            path=path,
            lines=lines,
            lines_covered=lines_covered,
            branches=branches,
            branches_covered=branches_covered,
        )
