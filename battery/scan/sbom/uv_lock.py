"""uv.lock: packages with their edges, extras and groups; the projects of the tree stand in it as packages too."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from battery.scan.sbom.component import NEEDS, Component, Edge, Inventory, Need
from battery.scan.sbom.decoding import from_toml
from battery.scan.sbom.hashes import checked
from battery.scan.sbom.purl import index_of, local_ref, normal, purl, without_credentials
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable, shown

_LOCAL = ("editable", "virtual", "directory")


class _Dependency(msgspec.Struct, frozen=True):
    name: str
    version: str = ""
    source: dict[str, str] = {}
    marker: str = ""
    extra: list[str] = []

    @property
    def need(self) -> Need:
        """With a marker it is not for everyone."""
        return "optional" if self.marker else "required"


class _Archive(msgspec.Struct, frozen=True):
    hash: str = ""


class _Package(msgspec.Struct, frozen=True, rename="kebab"):
    name: str
    version: str = ""
    source: dict[str, str] = {}
    resolution_markers: list[str] = []
    dependencies: list[_Dependency] = []
    optional_dependencies: dict[str, list[_Dependency]] = {}
    dev_dependencies: dict[str, list[_Dependency]] = {}
    sdist: _Archive | None = None
    wheels: list[_Archive] = []


class _Document(msgspec.Struct, frozen=True):
    version: int
    package: list[_Package] = []


class UvLock:
    """Reads uv.lock of version 1."""

    kind = "uv.lock"

    def recognises(self, path: PurePosixPath) -> bool:
        """By its name."""
        return path.name == "uv.lock"

    def read(self, file: SourceFile) -> Inventory:
        """What the lock says. Raises: SourceUnreadable."""
        document = from_toml(file.data, _Document)
        if document.version != 1:
            raise SourceUnreadable(
                f"uv.lock version {document.version} is not known, only 1", place="version"
            )
        components = [_component(package, at, file.name) for at, package in enumerate(document.package)]
        by_name: defaultdict[str, list[tuple[_Package, str]]] = defaultdict(list)
        for package, component in zip(document.package, components, strict=True):
            by_name[normal(package.name)].append((package, component.ref))
        extras = _activated(document.package)
        edges = []
        for at, (package, component) in enumerate(zip(document.package, components, strict=True)):
            for dependency, need, place in _dependencies(package, at, extras):
                edges += [
                    Edge(of=component.ref, on=ref, need=need, marker=dependency.marker)
                    for ref in _resolved(dependency, by_name, place)
                ]
        members = [component for component in components if component.local]
        direct = tuple(Edge(of="", on=member.ref) for member in members)
        return Inventory(kind=self.kind, components=tuple(components), edges=tuple(edges), direct=direct)


def _component(package: _Package, at: int, file: str) -> Component:
    place = f"package[{at}] ({shown(package.name)})"
    archives = [*([package.sdist] if package.sdist else []), *package.wheels]
    local = any(key in package.source for key in _LOCAL)
    url = "" if local else purl("PyPI", package.name, package.version, **_origin(package.source))
    if not local and not package.version:
        raise SourceUnreadable("it has no version", place=place)
    return Component(
        ref=url or local_ref("PyPI", normal(package.name), package.version),
        ecosystem="PyPI",
        name=package.name,
        version=package.version,
        purl=url,
        hashes=tuple(checked(archive.hash, place) for archive in archives if archive.hash),
        places=(file,),
        markers=tuple(package.resolution_markers),
    )


def _origin(source: dict[str, str]) -> dict[str, str]:
    if "git" in source:
        return {"vcs_url": "git+" + without_credentials(source["git"])}
    if "url" in source:
        return {"download_url": without_credentials(source["url"])}
    return {"repository_url": index_of(source.get("registry", ""))}


def _activated(packages: list[_Package]) -> dict[tuple[str, str], Need]:
    """The extras that something in the lock asks for, each with the strongest wish for it."""
    found: dict[tuple[str, str], Need] = {}
    for package in packages:
        asked = [(entry, entry.need) for entry in package.dependencies]
        asked += [
            (entry, "optional") for entries in package.optional_dependencies.values() for entry in entries
        ]
        asked += [
            (entry, "development") for entries in package.dev_dependencies.values() for entry in entries
        ]
        for entry, need in asked:
            for extra in entry.extra:
                key = normal(entry.name), normal(extra)
                found[key] = min(need, found.get(key, need), key=NEEDS.index)
    return found


def _dependencies(
    package: _Package, at: int, extras: dict[tuple[str, str], Need]
) -> Iterator[tuple[_Dependency, Need, str]]:
    """Each dependency with why it is there and where it stands."""
    where = f"package[{at}] ({shown(package.name)})"
    for dependency in package.dependencies:
        yield dependency, dependency.need, f"{where}.dependencies"
    for extra, dependencies in package.optional_dependencies.items():
        wish = extras.get((normal(package.name), normal(extra)), "optional")
        for dependency in dependencies:
            need = max(wish, dependency.need, key=NEEDS.index)
            yield dependency, need, f"{where}.optional-dependencies.{shown(extra)}"
    for group, dependencies in package.dev_dependencies.items():
        for dependency in dependencies:
            yield dependency, "development", f"{where}.dev-dependencies.{shown(group)}"


def _resolved(
    dependency: _Dependency, by_name: dict[str, list[tuple[_Package, str]]], place: str
) -> Iterator[str]:
    """The packages that a dependency can mean: one, unless the lock leaves the choice to markers."""
    found = False
    for package, ref in by_name.get(normal(dependency.name), []):
        right_version = dependency.version in ("", package.version)
        if right_version and dependency.source in ({}, package.source):
            found = True
            yield ref
    if not found:
        raise SourceUnreadable(f"{shown(dependency.name)} is not in the lock", place=place)
