"""File cases: what a source scanner reads, written into a scratch folder, and its findings by file."""

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from battery.errors import BatteryError
from battery.scan.assess.case import Case, Exam, Sighting
from battery.scan.interface import Found, ScanResult
from battery.scan.source.pool import Pool
from battery.scan.source.tree import Tree, tree_of

_MOST_WORKERS = 4


class FileCase(Case, frozen=True, kw_only=True):
    """A case that is one file; its `place` is the path below the scanned folder."""

    text: str
    mode: int = 0o600


class AssessmentBroken(BatteryError):
    """A scanner did not look at everything: its numbers would mean nothing."""


Scan = Callable[[Tree, Pool], ScanResult]


def file_exam(cases: Sequence[FileCase], scan: Scan) -> Exam:
    """The exam of a scanner that walks a tree."""

    def look() -> frozenset[Sighting]:
        with tempfile.TemporaryDirectory(prefix="battery-assess-") as folder:
            written(cases, Path(folder))
            with pool() as running:
                result = scan(tree_of(Path(folder)), running)
        return sighted(result)

    return Exam(cases=tuple(cases), look=look)


def pool() -> Pool:
    """Workers of our own, without a cache: every file is scanned."""
    return Pool(workers=min(_cores(), _MOST_WORKERS), key=os.urandom(16))


def written(cases: Iterable[FileCase], root: Path) -> None:
    """The files, with their modes whatever the umask is."""
    for case in cases:
        file = root / case.place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(case.text, encoding="utf-8")
        file.chmod(case.mode)


def sighted(
    result: ScanResult, place: Callable[[Found], str] = lambda found: found.where
) -> frozenset[Sighting]:
    """Which rules fired where.

    Raises: AssessmentBroken when the scan is incomplete.
    """
    if result.incomplete:
        raise AssessmentBroken(
            f"the {result.scanner} scanner could not look at every case ({result.incomplete[0]}); "
            "its precision and recall cannot be told: mend that and assess again"
        )
    return frozenset(Sighting(found.rule, place(found)) for found in result.found)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
