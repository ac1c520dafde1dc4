"""Which file of the source tree a report means by a path."""

import posixpath
from collections import Counter

from battery.model.frozen import Frozen
from battery.readiness.coverage.jacoco import Jacoco
from battery.readiness.coverage.lcov import Lcov
from battery.readiness.coverage.report import CoverageReport
from battery.readiness.coverage.tree import SourceTree

# JaCoCo names files from the source folder, LCOV often from a subproject: neither says where that lies.
_ROOTLESS = {Jacoco.name, Lcov.name}


class Matching(Frozen, frozen=True, kw_only=True):
    """The report's files found in the tree, those not found, and those counted under two names."""

    matched: frozenset[str]
    foreign: tuple[str, ...]
    doubled: tuple[str, ...]


def match(report: CoverageReport, tree: SourceTree) -> Matching:
    """Find every file of the report in the tree."""
    found = {file.path: _find(file.path, report, tree) for file in report.files}
    times = Counter(path for path in found.values() if path is not None)
    return Matching(
        matched=frozenset(times),
        foreign=tuple(sorted(path for path, inside in found.items() if inside is None)),
        doubled=tuple(sorted(path for path, count in times.items() if count > 1)),
    )


def _find(path: str, report: CoverageReport, tree: SourceTree) -> str | None:
    """Only one candidate convinces: with several, the counts may be another file's."""
    spellings = dict.fromkeys((path, path.replace("\\", "/")))  # coverage.py on Windows writes backslashes
    for spelling in spellings:
        from_sources = {tree.find(posixpath.join(source, spelling)) for source in report.sources} - {None}
        if from_sources:
            return from_sources.pop() if len(from_sources) == 1 else None
        if inside := tree.find(spelling):
            return inside
        if report.format in _ROOTLESS and not spelling.startswith(("/", "../")):
            ending = tree.ending(spelling)
            if len(ending) == 1:
                return ending[0]
    return None
