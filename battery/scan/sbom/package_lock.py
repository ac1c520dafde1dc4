"""package-lock.json and npm-shrinkwrap.json of versions 2 and 3: every installed folder, resolved as Node does."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec

from battery.scan.sbom.component import Component, Edge, Inventory, Need
from battery.scan.sbom.decoding import from_json
from battery.scan.sbom.hashes import from_integrity
from battery.scan.sbom.purl import local_ref, purl, without_credentials
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable, shown

_MODULES = "node_modules/"


class _Optional(msgspec.Struct, frozen=True):
    optional: bool = False


class _Entry(msgspec.Struct, frozen=True, rename="camel"):
    name: str = ""
    version: str = ""
    resolved: str | bool = ""
    integrity: str = ""
    link: bool = False
    license: Any = None
    os: list[str] | str = []
    cpu: list[str] | str = []
    dependencies: dict[str, str] = {}
    optional_dependencies: dict[str, str] = {}
    dev_dependencies: dict[str, str] = {}
    peer_dependencies: dict[str, str] = {}
    peer_dependencies_meta: dict[str, _Optional] = {}

    def wanted(self) -> Iterator[tuple[str, Need, bool]]:
        """Each dependency: its name, why, and whether it may be absent."""
        for name in self.dependencies:
            if name not in self.optional_dependencies:
                yield name, "required", False
        for name in self.peer_dependencies:
            # npm leaves peers out on request (--legacy-peer-deps), and optional ones by default.
            optional = self.peer_dependencies_meta.get(name, _Optional()).optional
            yield name, "optional" if optional else "required", True
        for name in self.optional_dependencies:
            yield name, "optional", True
        for name in self.dev_dependencies:
            yield name, "development", False


class _Document(msgspec.Struct, frozen=True, rename="camel"):
    lockfile_version: int
    packages: dict[str, _Entry] = {}


class PackageLock:
    """Reads package-lock.json."""

    kind = "package-lock.json"

    def recognises(self, path: PurePosixPath) -> bool:
        """By its names."""
        return path.name in ("package-lock.json", "npm-shrinkwrap.json")

    def read(self, file: SourceFile) -> Inventory:
        """What the lock says. Raises: SourceUnreadable."""
        document = from_json(file.data, _Document)
        if document.lockfile_version not in (2, 3):
            said = document.lockfile_version
            hint = "`npm install --package-lock-only --lockfile-version 3` renews it"
            raise SourceUnreadable(
                f"lockfileVersion {said} is not read, only 2 and 3 ({hint})", place="lockfileVersion"
            )
        if "" not in document.packages:
            raise SourceUnreadable('the project\'s own entry ("") is missing', place="packages")
        return _Folders(document.packages, file.name).inventory(self.kind)


class _Folders:
    """The installed folders of one lock."""

    def __init__(self, packages: dict[str, _Entry], file: str) -> None:
        self._packages, self._file = packages, file
        self._components = {
            folder: _component(folder, entry, file)
            for folder, entry in packages.items()
            if folder and not entry.link
        }
        self._edges: list[Edge] = []
        self._reasons: list[str] = []

    def inventory(self, kind: str) -> Inventory:
        """Components and edges. Raises: SourceUnreadable."""
        for folder, entry in self._packages.items():
            if not entry.link:
                of = self._components[folder].ref if folder else ""
                self._depend(of, folder, entry)
        workspaces = [entry for folder, entry in self._packages.items() if entry.link]
        direct = [edge for edge in self._edges if not edge.of]
        direct += [Edge(of="", on=self._target(entry).ref) for entry in workspaces]
        return Inventory(
            kind=kind,
            components=tuple(self._components.values()),
            edges=tuple(edge for edge in self._edges if edge.of),
            direct=tuple(direct),
            reasons=tuple(self._reasons),
        )

    def _depend(self, of: str, folder: str, entry: _Entry) -> None:
        for name, need, may_be_absent in entry.wanted():
            on = self._resolved(folder, name)
            if on is not None:
                self._edges.append(Edge(of=of, on=on.ref, need=need))
            elif not may_be_absent:
                said = f"{shown(name)}, which {shown(folder) or 'the project'} needs, is not in the lock"
                self._reasons.append(f"{self._file}: {said}")

    def _resolved(self, folder: str, name: str) -> Component | None:
        """Node's search: node_modules beside the package, then in each folder above it."""
        at = folder
        while True:
            candidate = f"{at}/{_MODULES}{name}" if at else f"{_MODULES}{name}"
            if candidate in self._packages:
                entry = self._packages[candidate]
                return self._target(entry) if entry.link else self._components[candidate]
            if not at:
                return None
            at = at.rpartition("/")[0]
            at = at.removesuffix("/node_modules") if at.endswith("/node_modules") else at
            at = "" if at == "node_modules" else at

    def _target(self, entry: _Entry) -> Component:
        folder = str(entry.resolved)
        if folder not in self._components:
            raise SourceUnreadable(f"a link leads to {shown(folder)!r}, which is no entry", place="packages")
        return self._components[folder]


def _component(folder: str, entry: _Entry, file: str) -> Component:
    place = f"packages[{shown(folder)!r}]"
    _, installed, last = folder.rpartition(_MODULES)
    name = entry.name or (last if installed else PurePosixPath(folder).name)
    if not name or (installed and not entry.version):
        raise SourceUnreadable("it has no version" if name else "it has no name", place=place)
    origin = entry.resolved if isinstance(entry.resolved, str) else ""
    url = purl("npm", name, entry.version, **_origin(origin)) if installed else ""
    platform = [
        f"{key} in {_listed(value)}" for key, value in (("os", entry.os), ("cpu", entry.cpu)) if value
    ]
    return Component(
        ref=url or local_ref("npm", name, entry.version),
        ecosystem="npm",
        name=name,
        version=entry.version,
        purl=url,
        licences=tuple(_licences(entry.license)),
        hashes=from_integrity(entry.integrity, place),
        places=(file,),
        markers=(" and ".join(platform),) if platform else (),
    )


def _listed(value: list[str] | str) -> str:
    return "|".join([value] if isinstance(value, str) else value)


def _origin(resolved: str) -> dict[str, str]:
    plain = without_credentials(resolved)
    if plain.startswith("git"):
        return {"vcs_url": plain}
    if plain.startswith("https://registry.npmjs.org/") or not plain:
        return {}
    return {"download_url": plain}


def _licences(said: Any) -> Iterator[str]:
    """Old packages name a licence as an object or a list of them."""
    for entry in said if isinstance(said, list) else [said]:
        name = entry.get("type") if isinstance(entry, dict) else entry
        if isinstance(name, str) and name.strip():
            yield name.strip()
