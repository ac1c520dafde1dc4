"""Whether a coverage report speaks of this source tree as it stands."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from battery.model.frozen import Frozen
from battery.readiness.coverage.matching import Matching, match
from battery.readiness.coverage.ownership import is_test, language, own_sources
from battery.readiness.coverage.report import CoverageReport, shown
from battery.readiness.coverage.tree import SourceTree, look_at

# Archives and some file systems keep modification times to the second only.
GRANULARITY = 1.0
# A report's own time may lack its zone and its file may be handed between jobs; beyond a day the file is
# a copy (a checkout, a touch), and what the report says of itself holds.
COPY_AFTER = 24 * 3600.0


class Known(Frozen, frozen=True, kw_only=True):
    """How many of a language's own source files the report knows; `kinds` are their suffixes."""

    kinds: str
    known: int
    files: int

    @property
    def percent(self) -> float:
        """The share that it knows."""
        return 100 * self.known / self.files


class Freshness(Frozen, frozen=True, kw_only=True):
    """What was found; `ok` only when there is no reason against the report. How much it knows is for a gate to judge."""

    ok: bool
    reasons: tuple[str, ...]
    matched: int
    known: tuple[Known, ...]
    foreign: tuple[str, ...]
    stale: tuple[str, ...]


def freshness_of(report: CoverageReport, root: Path, report_mtime: float) -> Freshness:
    """Compare a report, and the modification time of its file, with the tree under `root`."""
    tree = look_at(root)
    matching = match(report, tree)
    made = _made(report.generated, report_mtime)
    stale = tuple(sorted(_stale(tree, matching.matched, made)))
    reasons = (
        *_unmatched(matching, tree),
        *_without_language(matching.matched),
        *_listed("stale: files are newer than the report", stale),
    )
    return Freshness(
        ok=not reasons,
        reasons=reasons,
        matched=len(matching.matched),
        known=tuple(_known(tree, matching.matched)),
        foreign=matching.foreign,
        stale=stale,
    )


def _made(generated: datetime | None, mtime: float) -> float:
    """When the report was made, in seconds since the epoch."""
    if generated is None:
        return mtime
    aware = generated if generated.tzinfo else generated.replace(tzinfo=UTC)
    own = aware.timestamp()
    return own if own < mtime - COPY_AFTER else mtime


def _stale(tree: SourceTree, matched: frozenset[str], made: float) -> Iterator[str]:
    """The newer files, also those of its languages that the report does not know yet."""
    watched = matched.union(*(own_sources(tree.files, suffixes, matched) for suffixes in _languages(matched)))
    for path in watched:
        # Asked so that a time that is no number counts as newer.
        if not tree.files[path].modified <= made + GRANULARITY:
            yield path.encode("utf-8", "replace").decode()  # a name in another encoding stays printable


def _unmatched(matching: Matching, tree: SourceTree) -> Iterator[str]:
    if not matching.matched:
        yield "no file of the report is in the source tree"
    yield from _listed("foreign: files are not, or not clearly, in the source tree", matching.foreign)
    yield from _listed("doubled: files are counted under two names", matching.doubled)
    yield from _listed("parts of the source tree cannot be read", tree.unreadable)


def _without_language(matched: frozenset[str]) -> Iterator[str]:
    if matched and not _languages(matched):
        yield "partial: the report knows only tests or files whose names tell no language"


def _known(tree: SourceTree, matched: frozenset[str]) -> Iterator[Known]:
    """Language by language, how much of the tree's own code the report knows; empty files have nothing to know."""
    filled = [path for path, file in tree.files.items() if file.size > 0]
    for suffixes in _languages(matched):
        own = own_sources(filled, suffixes, matched)
        if own:
            kinds = " ".join(sorted(suffixes & {Path(path).suffix.lower() for path in own}))
            yield Known(kinds=kinds, known=len(own & matched), files=len(own))


def _languages(matched: Iterable[str]) -> list[frozenset[str]]:
    told = {language(path) for path in matched if not is_test(path)} - {frozenset()}
    return sorted(told, key=sorted)


def _listed(reason: str, paths: Collection[str]) -> Iterator[str]:
    """The reason with the number of paths and the first three."""
    if paths:
        first = ", ".join(shown(path) for path in list(paths)[:3])
        yield f"{reason}: {len(paths)}: {first}" + (", …" if len(paths) > 3 else "")
