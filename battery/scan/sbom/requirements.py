"""requirements.txt: pins with hashes and markers, the files it includes and the constraints it names."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from battery.scan.sbom.component import Component, Edge, Inventory, Need
from battery.scan.sbom.decoding import text_of
from battery.scan.sbom.hashes import checked
from battery.scan.sbom.purl import local_ref, normal, purl, without_credentials
from battery.scan.sbom.requirement_lines import Line, lines
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable, shown

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_NAME = re.compile(r"(.*[-_.])?requirements([-_.].*)?\.txt\Z")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_URL = re.compile(r"([a-z]+\+)?[a-z]+://", re.IGNORECASE)
_MOST_FILES = 100


class Requirements:
    """Reads requirements files as pip does, without running pip."""

    kind = "requirements.txt"

    def recognises(self, path: PurePosixPath) -> bool:
        """`requirements*.txt`, `*-requirements.txt`, and any text file in a folder named requirements."""
        return _NAME.match(path.name) is not None or (
            path.suffix == ".txt" and path.parent.name == "requirements"
        )

    def read(self, file: SourceFile) -> Inventory:
        """What the file and those it includes say. Raises: SourceUnreadable."""
        reading = _Reading()
        reading.file(file, constraints=False)
        return reading.inventory(self.kind)


class _Reading:
    """What was seen so far, over all files."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._pins: dict[str, str] = {}
        self._found: list[tuple[str, Line, Requirement]] = []
        self._local: list[Component] = []
        self._reasons: list[str] = []

    def file(self, file: SourceFile, *, constraints: bool) -> None:
        """Take one file in; each is read once, so that files which include each other come to an end."""
        if file.name in self._seen or len(self._seen) >= _MOST_FILES:
            return
        self._seen.add(file.name)
        try:
            for line in lines(text_of(file.data)):
                self._line(file, line, constraints=constraints)
        except SourceUnreadable as error:
            raise error if error.file else error.of_file(file.name) from error

    def _line(self, file: SourceFile, line: Line, *, constraints: bool) -> None:
        place = f"line {line.number}"
        match line.kind:
            case "requirements" | "constraints":
                self._include(file, line, constraints=constraints or line.kind == "constraints")
            case "editable":
                self._path_or_url(file, line)
            case _ if _is_path(line.text) or _URL.match(line.text):
                self._path_or_url(file, line)
            case _:
                requirement = _parsed(line.text, place)
                if constraints:
                    self._pins.setdefault(normal(requirement.name), _pin(requirement))
                else:
                    self._found.append((file.name, line, requirement))

    def _include(self, file: SourceFile, line: Line, *, constraints: bool) -> None:
        try:
            included = file.beside(line.text)
        except SourceUnreadable as error:
            self._reasons.append(f"{file.name}:{line.number}: {error.problem}")
            return
        self.file(included, constraints=constraints)

    def _path_or_url(self, file: SourceFile, line: Line) -> None:
        """A project or archive that is not named as a requirement: its name is known only when the line says it."""
        where = f"{file.name}:{line.number}"
        egg = _EGG.search(line.text)
        if _URL.match(line.text) and egg:
            self._found.append((file.name, line, _parsed(f"{egg[1]} @ {line.text}", where)))
        elif _URL.match(line.text) or line.text.partition(";")[0].strip().endswith((".whl", ".zip", ".gz")):
            self._reasons.append(f"{where}: {shown(line.text)} does not say which package it is")
        else:
            path = line.text.partition("[")[0].partition(";")[0].strip()
            name = PurePosixPath(file.name).parent.joinpath(path).name or "project"
            ref = local_ref("PyPI", shown(name), "")
            self._local.append(Component(ref=ref, ecosystem="PyPI", name=shown(name), places=(where,)))

    def inventory(self, kind: str) -> Inventory:
        """Everything together. Raises: SourceUnreadable."""
        components, direct = list(self._local), [Edge(of="", on=entry.ref) for entry in self._local]
        for file, line, requirement in self._found:
            component = self._component(file, line, requirement)
            components.append(component)
            need: Need = "optional" if component.markers else "required"
            marker = component.markers[0] if component.markers else ""
            direct.append(Edge(of="", on=component.ref, need=need, marker=marker))
        return Inventory(
            kind=kind, components=tuple(components), direct=tuple(direct), reasons=tuple(self._reasons)
        )

    def _component(self, file: str, line: Line, requirement: "Requirement") -> Component:
        where = f"{file}:{line.number}"
        version = _pin(requirement) or self._pins.get(normal(requirement.name), "")
        origin = without_credentials(requirement.url or "")
        url = purl("PyPI", requirement.name, version, **({_qualifier(origin): origin} if origin else {}))
        try:
            hashes = tuple(checked(entry) for entry in line.hashes)
        except SourceUnreadable as error:
            raise SourceUnreadable(error.problem, file=file, place=f"line {line.number}") from error
        return Component(
            ref=url,
            ecosystem="PyPI",
            name=requirement.name,
            version=version,
            purl=url,
            hashes=hashes,
            places=(where,),
            markers=(str(requirement.marker),) if requirement.marker else (),
        )


def _parsed(text: str, place: str) -> "Requirement":
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        raise SourceUnreadable(f"{shown(text)!r} is no requirement", place=place) from error


def _pin(requirement: "Requirement") -> str:
    """The one version that is admitted; empty where there is a choice."""
    exact = [entry for entry in requirement.specifier if entry.operator in ("==", "===")]
    if len(exact) == 1 and not exact[0].version.endswith(".*"):
        return exact[0].version
    return ""


def _qualifier(url: str) -> str:
    return "vcs_url" if _URL.match(url) and "+" in url.partition("://")[0] else "download_url"


def _is_path(text: str) -> bool:
    bare = text.partition(";")[0].partition("[")[0].strip()
    if "@" in bare and _URL.search(bare):
        return False  # name @ url
    return (
        bare.startswith((".", "/")) or ("/" in bare and "@" not in bare) or bare.endswith((".whl", ".tar.gz"))
    )
