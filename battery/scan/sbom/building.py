"""The bill of a tree: every source in it read, merged and written, with what could not be read told."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

from battery.errors import UsageError
from battery.model.frozen import Frozen
from battery.scan.interface import Ledger, Skipped
from battery.scan.sbom.component import Component, Inventory
from battery.scan.sbom.detecting import Detected, detect, ecosystem_of, source_for
from battery.scan.sbom.document import Project, document
from battery.scan.sbom.environment import read_environment
from battery.scan.sbom.files import loader
from battery.scan.sbom.merging import Graph, merged
from battery.scan.sbom.project import project_of
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unpinned import is_covered, unpinned
from battery.scan.sbom.unreadable import SourceUnreadable


class Sbom(Frozen, frozen=True, kw_only=True):
    """The bill as a document and as components. `incomplete` says in words what it may lack."""

    document: bytes
    components: tuple[Component, ...]
    graph: Graph
    ledger: Ledger
    incomplete: tuple[str, ...] = ()


def build_sbom(
    tree: Path,
    time: datetime,
    *,
    environment: Path | None = None,
    project: Project | None = None,
    exclude: Collection[str] = (),
) -> Sbom:
    """The bill of what stands under `tree`, and of the environment where one is named. `exclude`: paths from its root.

    Raises: UsageError when the tree is no folder; SbomInvalid for a defect of ours.
    """
    if not tree.is_dir():
        raise UsageError(f"{tree} is not a folder: name the source tree or the environment to look at")
    reading = _Reading(tree)
    if environment is not None:
        reading.environment(environment, environment.name)
    if _is_environment(tree):
        reading.environment(tree, tree.resolve().name)
    else:
        reading.tree(exclude, asked=environment is not None)
    return reading.sbom(time, project)


def _is_environment(tree: Path) -> bool:
    return (tree / "pyvenv.cfg").is_file() or any(tree.glob("*.dist-info"))


class _Reading:
    """What was read so far."""

    def __init__(self, tree: Path) -> None:
        self._tree, self._load = tree, loader(tree)
        self._inventories: list[Inventory] = []
        self._skipped: list[Skipped] = []
        self._reasons: list[str] = []

    def environment(self, path: Path, name: str) -> None:
        """Take an environment in."""
        self._take(name, lambda: read_environment(path, name))

    def tree(self, exclude: Collection[str], *, asked: bool) -> None:
        """Take in every source that stands in the tree."""
        detected = detect(self._tree, exclude)
        for name in detected.sources:
            self._take(name, lambda name=name: self._read(name))  # type: ignore[misc]
        self._skipped += detected.skipped
        self._environments(detected, asked=asked)
        for manifest in detected.manifests:
            if not is_covered(manifest, detected):
                self._reasons += self._unpinned(manifest)

    def _environments(self, detected: Detected, *, asked: bool) -> None:
        """An environment in the tree speaks for it only where no file does: else it holds what happens to be installed."""
        locked = asked or any(ecosystem_of(source) == "PyPI" for source in detected.sources)
        for name in detected.environments:
            if locked:
                reason = "an environment beside lock files; --environment names one to be read too"
                self._skipped.append(Skipped(what=name, reason=reason, harmless=True))
            else:
                self.environment(self._tree / name, name)

    def _take(self, name: str, read: Callable[[], Inventory]) -> None:
        try:
            inventory = read()
        except SourceUnreadable as error:
            reason = ": ".join(part for part in (error.place, error.problem) if part)
            self._skipped.append(Skipped(what=error.file or name, reason=reason, harmless=False))
        else:
            self._inventories.append(inventory)
            self._reasons += inventory.reasons

    def _read(self, name: str) -> Inventory:
        source = source_for(name)
        if source is None:
            raise SourceUnreadable("it is of no kind that is read", file=name)
        return source.read(SourceFile(name, self._load(name), self._load))

    def _unpinned(self, manifest: str) -> Iterator[str]:
        try:
            file = SourceFile(manifest, self._load(manifest), self._load)
        except SourceUnreadable as error:
            yield f"{manifest}: {error.problem}"
        else:
            yield from unpinned(file)

    def sbom(self, time: datetime, project: Project | None) -> Sbom:
        """Everything together. Raises: SbomInvalid."""
        graph = merged(self._inventories)
        incomplete = tuple(dict.fromkeys((*self._reasons, *self._lacking())))
        told = (*incomplete, *(f"{skip.what}: {skip.reason}" for skip in self._skipped if not skip.harmless))
        title = project or project_of(self._load, self._tree.resolve().name or "tree")
        discovered = len(self._inventories) + len(self._skipped)
        return Sbom(
            document=document(graph, title, time, told),
            components=graph.components,
            graph=graph,
            ledger=Ledger(
                discovered=discovered, scanned=len(self._inventories), skipped=tuple(self._skipped)
            ),
            incomplete=incomplete,
        )

    def _lacking(self) -> Iterator[str]:
        if not self._inventories and not self._skipped:
            yield (
                "no dependency source is there: uv.lock, poetry.lock, pylock.toml, requirements.txt, package-lock.json "
                "or an installed environment"
            )
        elif not any(inventory.components for inventory in self._inventories):
            yield "no source names a package"
