"""poetry.lock of formats 1 and 2: packages, their files and the constraints between them."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec

from battery.scan.sbom.component import Component, Edge, Inventory, Need
from battery.scan.sbom.decoding import from_toml
from battery.scan.sbom.hashes import checked
from battery.scan.sbom.merging import reach
from battery.scan.sbom.purl import index_of, local_ref, normal, purl, without_credentials
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable, shown


class _Constraint(msgspec.Struct, frozen=True):
    version: str = "*"
    markers: str = ""
    optional: bool = False


class _File(msgspec.Struct, frozen=True):
    hash: str
    file: str = ""


class _Origin(msgspec.Struct, frozen=True):
    type: str = "legacy"
    url: str = ""
    resolved_reference: str = ""


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str
    optional: bool = False
    category: str = "main"
    groups: tuple[str, ...] = ("main",)
    markers: str | dict[str, str] = ""
    files: list[_File] = []
    dependencies: dict[str, str | dict[str, Any] | list[str | dict[str, Any]]] = {}
    source: _Origin | None = None

    @property
    def need(self) -> Need:
        """Old locks name a category, newer ones groups."""
        if self.category != "main" or "main" not in self.groups:
            return "development"
        return "optional" if self.optional or self.markers else "required"


class _Metadata(msgspec.Struct, frozen=True, rename="kebab"):
    lock_version: str
    files: dict[str, list[_File]] = {}


class _Document(msgspec.Struct, frozen=True):
    metadata: _Metadata
    package: list[_Package] = []


class PoetryLock:
    """Reads poetry.lock."""

    kind = "poetry.lock"

    def recognises(self, path: PurePosixPath) -> bool:
        """By its name."""
        return path.name == "poetry.lock"

    def read(self, file: SourceFile) -> Inventory:
        """What the lock says. Raises: SourceUnreadable."""
        document = from_toml(file.data, _Document)
        known = document.metadata.lock_version
        if known.partition(".")[0] not in ("1", "2"):
            raise SourceUnreadable(
                f"lock-version {shown(known)} is not known, only 1 and 2", place="metadata.lock-version"
            )
        old = {normal(name): files for name, files in document.metadata.files.items()}
        components = [
            _component(package, at, file.name, old.get(normal(package.name), []))
            for at, package in enumerate(document.package)
        ]
        graph = _Graph(document.package, [component.ref for component in components])
        return Inventory(
            kind=self.kind,
            components=tuple(components),
            edges=tuple(graph.edges),
            direct=tuple(graph.direct()),
            reasons=tuple(graph.missing),
        )


class _Graph:
    """The edges between the packages of one lock."""

    def __init__(self, packages: list[_Package], refs: list[str]) -> None:
        self._entries = list(zip(packages, refs, strict=True))
        self._by_name: defaultdict[str, list[tuple[_Package, str]]] = defaultdict(list)
        for package, ref in self._entries:
            self._by_name[normal(package.name)].append((package, ref))
        self.edges: list[Edge] = []
        self.missing: list[str] = []
        for at, (package, ref) in enumerate(self._entries):
            for name, said in package.dependencies.items():
                place = f"package[{at}] ({shown(package.name)}).dependencies.{shown(name)}"
                for constraint in _constraints(said, place):
                    self._add(ref, name, constraint, place)

    def direct(self) -> Iterator[Edge]:
        """What the project asks for. The lock does not tell, but what no other package of its groups explains must be."""
        onward: defaultdict[str, list[str]] = defaultdict(list)
        for edge in self.edges:
            onward[edge.of].append(edge.on)
        needed = {edge.on for edge in self.edges if edge.on != edge.of}
        reached: set[str] = set()
        for development in (False, True):
            group = [entry for entry in self._entries if (entry[0].need == "development") == development]
            for package, ref in sorted(group, key=lambda entry: entry[1] in needed):
                if ref not in reached:
                    yield Edge(of="", on=ref, need=package.need, marker=_marker(package))
                    reach([ref], onward, reached)

    def _add(self, of: str, name: str, constraint: _Constraint, place: str) -> None:
        conditional = constraint.optional or bool(constraint.markers)
        candidates = self._by_name.get(normal(name), [])
        if not candidates and not conditional:
            self.missing.append(f"{place} is not in the lock")
        for package, ref in candidates:
            if len(candidates) == 1 or _admits(constraint.version, package.version):
                need: Need = "optional" if conditional else "required"
                self.edges.append(Edge(of=of, on=ref, need=need, marker=constraint.markers))


def _component(package: _Package, at: int, file: str, old: list[_File]) -> Component:
    place = f"package[{at}] ({shown(package.name)})"
    origin = package.source
    local = origin is not None and origin.type in ("directory", "file")
    url = "" if local else purl("PyPI", package.name, package.version, **_qualifiers(origin))
    return Component(
        ref=url or local_ref("PyPI", normal(package.name), package.version),
        ecosystem="PyPI",
        name=package.name,
        version=package.version,
        purl=url,
        hashes=tuple(checked(entry.hash, place) for entry in package.files or old),
        places=(file,),
        markers=(_marker(package),) if package.markers else (),
    )


def _qualifiers(origin: _Origin | None) -> dict[str, str]:
    if origin is None:
        return {}
    url = without_credentials(origin.url)
    match origin.type:
        case "git":
            return {"vcs_url": f"git+{url}@{origin.resolved_reference}"}
        case "url":
            return {"download_url": url}
        case _:
            return {"repository_url": index_of(origin.url)}


def _marker(package: _Package) -> str:
    if isinstance(package.markers, str):
        return package.markers
    return " or ".join(f"({marker})" for _, marker in sorted(package.markers.items()))


def _constraints(said: Any, place: str) -> list[_Constraint]:
    entries = said if isinstance(said, list) else [said]
    texts = [{"version": entry} if isinstance(entry, str) else entry for entry in entries]
    try:
        return msgspec.convert(texts, list[_Constraint])
    except msgspec.ValidationError as error:
        raise SourceUnreadable(f"unexpected content ({shown(str(error))})", place=place) from error


def _admits(constraint: str, version: str) -> bool:
    """Whether the constraint admits the version; one that is not understood admits all: an edge too many hides nothing."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if constraint.strip() in ("*", version):
        return True
    try:
        return any(SpecifierSet(part).contains(version, prereleases=True) for part in constraint.split("||"))
    except InvalidSpecifier:
        return True
