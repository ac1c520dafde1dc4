"""Packages: where in a report the tests run the smallest share, which the whole hides."""

from collections import defaultdict
from pathlib import PurePosixPath

from battery.model.frozen import Frozen
from battery.readiness.coverage.ownership import is_test
from battery.readiness.coverage.report import CoverageReport, FileCoverage


class PackageCoverage(Frozen, frozen=True, kw_only=True):
    """The lines of the files that stand in one folder; folders below it are packages of their own."""

    name: str
    lines: int
    covered: int

    @property
    def percent(self) -> float:
        """The share that ran."""
        return 100 * self.covered / self.lines


def packages_of(report: CoverageReport) -> tuple[PackageCoverage, ...]:
    """Every package with lines that can run, by name; tests are none."""
    found: defaultdict[str, list[FileCoverage]] = defaultdict(list)
    for file in report.files:
        path = file.path.replace("\\", "/")
        if file.lines and not is_test(path):
            found[PurePosixPath(path).parent.as_posix()].append(file)
    return tuple(_package(name, files) for name, files in sorted(found.items()))


def least_covered(report: CoverageReport) -> PackageCoverage | None:
    """The package with the smallest share; none where no package has a line."""
    return min(packages_of(report), key=lambda package: package.percent, default=None)


def _package(name: str, files: list[FileCoverage]) -> PackageCoverage:
    return PackageCoverage(
        name=name,
        lines=sum(file.lines for file in files),
        covered=sum(file.lines_covered for file in files),
    )
