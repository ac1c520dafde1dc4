"""An installed environment: its distributions' metadata, read as files; nothing of it is imported or run."""

import hashlib
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import Distribution, DistributionFinder, MetadataPathFinder
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from battery.scan.sbom.component import Component, Edge, Inventory
from battery.scan.sbom.hashes import checked
from battery.scan.sbom.licences import declared
from battery.scan.sbom.purl import local_ref, normal, purl, without_credentials
from battery.scan.sbom.site_folders import site_folders
from battery.scan.sbom.unreadable import SourceUnreadable, shown

if TYPE_CHECKING:
    from packaging.requirements import Requirement

KIND = "environment"


class _Vcs(msgspec.Struct, frozen=True):
    vcs: str
    commit_id: str


class _Archive(msgspec.Struct, frozen=True):
    hashes: dict[str, str] = {}


class _DirectUrl(msgspec.Struct, frozen=True):
    url: str
    vcs_info: _Vcs | None = None
    archive_info: _Archive | None = None


class _Installed(msgspec.Struct, frozen=True):
    component: Component
    requires: tuple["Requirement", ...]


def read_environment(path: Path, name: str = "") -> Inventory:
    """What is installed in the environment at `path`, called `name`. Raises: SourceUnreadable."""
    name = name or str(path)
    folders, reasons = site_folders(path)
    installed: dict[str, _Installed] = {}
    context = DistributionFinder.Context(path=[str(folder) for folder in folders])
    for distribution in MetadataPathFinder.find_distributions(context):
        try:
            found = _installed(distribution, name)
        except SourceUnreadable as error:
            reasons.append(str(error.of_file(name)))
            continue
        # The first on the path is the one that Python imports.
        installed.setdefault(normal(found.component.name), found)
    ordered = [installed[key] for key in sorted(installed)]
    return Inventory(
        kind=KIND,
        components=tuple(entry.component for entry in ordered),
        edges=tuple(_edges(ordered, installed)),
        reasons=tuple(reasons),
    )


def _edges(ordered: list[_Installed], installed: dict[str, _Installed]) -> Iterator[Edge]:
    """An edge for each requirement that is installed, whatever its marker: it is there to be used."""
    for entry in ordered:
        for requirement in entry.requires:
            on = installed.get(normal(requirement.name))
            if on is not None and on is not entry:
                marker = str(requirement.marker or "")
                yield Edge(
                    of=entry.component.ref,
                    on=on.component.ref,
                    need="optional" if marker else "required",
                    marker=marker,
                )


def _installed(distribution: Distribution, place: str) -> _Installed:
    at = _folder(distribution)
    metadata = _metadata(distribution, at)
    name, version = str(metadata.get("Name") or ""), str(metadata.get("Version") or "")
    if not name or not version:
        raise SourceUnreadable("its metadata has no name or no version", place=at)
    direct = _direct_url(distribution, at)
    url = "" if direct and direct.url.startswith("file:") else purl("PyPI", name, version, **_origin(direct))
    licences = declared(
        str(metadata.get("License-Expression") or ""),
        [str(text) for text in metadata.get_all("License", [])],
        [str(text) for text in metadata.get_all("Classifier", [])],
    )
    component = Component(
        ref=url or local_ref("PyPI", normal(name), version),
        ecosystem="PyPI",
        name=name,
        version=version,
        purl=url,
        licences=licences,
        hashes=_hashes(direct, at),
        places=(place,),
        record=_record(distribution, at),
    )
    return _Installed(component, tuple(_requires(distribution, metadata, at)))


def _folder(distribution: Distribution) -> str:
    """The name of the .dist-info folder, for messages; the standard library has no public word for it."""
    return shown(Path(str(getattr(distribution, "_path", "a distribution"))).name)


def _text(distribution: Distribution, name: str, at: str) -> str:
    try:
        return distribution.read_text(name) or ""
    except (OSError, ValueError) as error:
        raise SourceUnreadable(f"{name} cannot be read ({type(error).__name__})", place=at) from error


def _metadata(distribution: Distribution, at: str) -> Message:
    # The third is for an .egg-info that is a file itself.
    for name in ("METADATA", "PKG-INFO", ""):
        if text := _text(distribution, name, at):
            return HeaderParser().parsestr(text)
    raise SourceUnreadable("it has no metadata", place=at)


def _direct_url(distribution: Distribution, at: str) -> _DirectUrl | None:
    text = _text(distribution, "direct_url.json", at)
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=_DirectUrl)
    except msgspec.DecodeError as error:
        raise SourceUnreadable(f"direct_url.json: {shown(str(error))}", place=at) from error


def _origin(direct: _DirectUrl | None) -> dict[str, str]:
    if direct is None:
        return {}
    plain = without_credentials(direct.url)
    if direct.vcs_info:
        return {"vcs_url": f"{direct.vcs_info.vcs}+{plain}@{direct.vcs_info.commit_id}"}
    return {} if plain.startswith("https://files.pythonhosted.org/") else {"download_url": plain}


def _hashes(direct: _DirectUrl | None, at: str) -> tuple[str, ...]:
    archive = direct.archive_info if direct else None
    return tuple(
        checked(f"{key}:{value}", at) for key, value in sorted((archive.hashes if archive else {}).items())
    )


def _record(distribution: Distribution, at: str) -> str:
    text = _text(distribution, "RECORD", at)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest() if text else ""


def _requires(distribution: Distribution, metadata: Message, at: str) -> Iterator["Requirement"]:
    from packaging.requirements import InvalidRequirement, Requirement

    texts = metadata.get_all("Requires-Dist")
    if texts is None:
        texts = _egg_requires(distribution, at)
    for text in texts:
        try:
            yield Requirement(str(text))
        except (InvalidRequirement, RecursionError) as error:
            raise SourceUnreadable(f"{shown(str(text))!r} is no requirement", place=at) from error


def _egg_requires(distribution: Distribution, at: str) -> list[str]:
    """Old setuptools keep requirements in a file of their own, which importlib.metadata knows to read."""
    try:
        return distribution.requires or []
    except (OSError, ValueError) as error:
        raise SourceUnreadable(f"requires.txt cannot be read ({type(error).__name__})", place=at) from error
