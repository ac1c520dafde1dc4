"""pylock.toml (PEP 751): packages with markers; edges only where the writer gives them."""

import re
from collections import defaultdict
from pathlib import PurePosixPath

import msgspec

from battery.scan.sbom.component import Component, Edge, Inventory, Need
from battery.scan.sbom.decoding import from_toml
from battery.scan.sbom.hashes import checked
from battery.scan.sbom.purl import index_of, local_ref, normal, purl, without_credentials
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable, shown

_NAME = re.compile(r"pylock(\.[^.]+)?\.toml\Z")


class _Archive(msgspec.Struct, frozen=True):
    hashes: dict[str, str]
    url: str = ""


class _Vcs(msgspec.Struct, frozen=True, rename="kebab"):
    type: str
    commit_id: str
    url: str = ""


class _Directory(msgspec.Struct, frozen=True):
    path: str


class _Dependency(msgspec.Struct, frozen=True):
    name: str
    version: str = ""


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str = ""
    marker: str = ""
    index: str = ""
    dependencies: list[_Dependency] = []
    vcs: _Vcs | None = None
    directory: _Directory | None = None
    archive: _Archive | None = None
    sdist: _Archive | None = None
    wheels: list[_Archive] = []

    @property
    def archives(self) -> list[_Archive]:
        """Every file the lock admits."""
        return [entry for entry in (self.archive, self.sdist, *self.wheels) if entry]

    @property
    def need(self) -> Need:
        """With a marker it is not for everyone; the writer puts extras and groups into markers."""
        return "optional" if self.marker else "required"


class _Document(msgspec.Struct, frozen=True, rename="kebab"):
    lock_version: str
    packages: list[_Package]


class Pylock:
    """Reads pylock.toml and pylock.NAME.toml."""

    kind = "pylock.toml"

    def recognises(self, path: PurePosixPath) -> bool:
        """By its name."""
        return _NAME.match(path.name) is not None

    def read(self, file: SourceFile) -> Inventory:
        """What the lock says. Raises: SourceUnreadable."""
        document = from_toml(file.data, _Document)
        if document.lock_version.partition(".")[0] != "1":
            said = shown(document.lock_version)
            raise SourceUnreadable(f"lock-version {said} is not known, only 1", place="lock-version")
        components = [_component(package, at, file.name) for at, package in enumerate(document.packages)]
        edges = tuple(_edges(document.packages, [component.ref for component in components]))
        needed = {edge.on for edge in edges}
        direct = tuple(
            Edge(of="", on=component.ref, need=package.need, marker=package.marker)
            for component, package in zip(components, document.packages, strict=True)
            if component.ref not in needed
        )
        return Inventory(kind=self.kind, components=tuple(components), edges=edges, direct=direct)


def _component(package: _Package, at: int, file: str) -> Component:
    place = f"packages[{at}] ({shown(package.name)})"
    url = "" if package.directory else purl("PyPI", package.name, package.version, **_origin(package))
    return Component(
        ref=url or local_ref("PyPI", normal(package.name), package.version),
        ecosystem="PyPI",
        name=package.name,
        version=package.version,
        purl=url,
        hashes=tuple(
            checked(f"{algorithm}:{digest}", place)
            for archive in package.archives
            for algorithm, digest in sorted(archive.hashes.items())
        ),
        places=(file,),
        markers=(package.marker,) if package.marker else (),
    )


def _origin(package: _Package) -> dict[str, str]:
    if package.vcs:
        url = without_credentials(package.vcs.url)
        return {"vcs_url": f"{package.vcs.type}+{url}@{package.vcs.commit_id}"}
    if package.archive:
        return {"download_url": without_credentials(package.archive.url)}
    return {"repository_url": index_of(package.index)}


def _edges(packages: list[_Package], refs: list[str]) -> list[Edge]:
    by_name: defaultdict[str, list[tuple[_Package, str]]] = defaultdict(list)
    for package, ref in zip(packages, refs, strict=True):
        by_name[normal(package.name)].append((package, ref))
    edges = []
    for at, (package, ref) in enumerate(zip(packages, refs, strict=True)):
        for dependency in package.dependencies:
            meant = [
                (other, on)
                for other, on in by_name.get(normal(dependency.name), [])
                if dependency.version in ("", other.version)
            ]
            if not meant:
                place = f"packages[{at}] ({shown(package.name)}).dependencies"
                raise SourceUnreadable(f"{shown(dependency.name)} is not in the lock", place=place)
            edges += [Edge(of=ref, on=on, need=other.need, marker=other.marker) for other, on in meant]
    return edges
