"""Which dependency sources a tree holds, and which it holds that cannot be read."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from battery.model.frozen import Frozen
from battery.scan.interface import Skipped
from battery.scan.sbom.package_lock import PackageLock
from battery.scan.sbom.poetry_lock import PoetryLock
from battery.scan.sbom.pylock import Pylock
from battery.scan.sbom.requirements import Requirements
from battery.scan.sbom.source import Source
from battery.scan.sbom.uv_lock import UvLock

SOURCES: tuple[Source, ...] = (UvLock(), PoetryLock(), Pylock(), Requirements(), PackageLock())
# What installers and version control write: the sources of the project do not stand in there.
_NOT_ENTERED = frozenset({
    ".git", ".hg", ".svn", "node_modules", "__pycache__", "site-packages", ".tox", ".nox", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".eggs",
})  # fmt: skip
_UNREAD = {
    "yarn.lock": "npm", "pnpm-lock.yaml": "npm", "bun.lock": "npm", "bun.lockb": "npm", "deno.lock": "npm",
    "Pipfile.lock": "PyPI", "pdm.lock": "PyPI", "pixi.lock": "PyPI", "conda-lock.yml": "PyPI",
    "go.sum": "Go", "Cargo.lock": "crates.io", "Gemfile.lock": "RubyGems", "composer.lock": "Packagist",
    "pom.xml": "Maven", "gradle.lockfile": "Maven", "packages.lock.json": "NuGet", "mix.lock": "Hex",
    "pubspec.lock": "Pub", "Package.resolved": "SwiftURL",
}  # fmt: skip
_READ = {"uv.lock": "PyPI", "poetry.lock": "PyPI", "pylock.toml": "PyPI", "requirements.txt": "PyPI"}


class Detected(Frozen, frozen=True, kw_only=True):
    """What stands in a tree; every path is relative to it."""

    sources: tuple[str, ...]
    environments: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    """pyproject.toml and package.json files: they ask for packages and do not pin them."""
    skipped: tuple[Skipped, ...] = ()


def source_for(path: str) -> Source | None:
    """The reader for a file of this path."""
    plain = PurePosixPath(path)
    return next((source for source in SOURCES if source.recognises(plain)), None)


def ecosystem_of(path: str) -> str:
    """Which packages a source or manifest speaks of."""
    reader = source_for(path)
    npm = PurePosixPath(path).name == "package.json" or (reader is not None and reader.kind not in _READ)
    return "npm" if npm else "PyPI"


def detect(tree: Path, exclude: Collection[str] = ()) -> Detected:
    """Look through the tree; links to folders are not followed. `exclude` names paths from the tree's root exactly."""
    found: dict[str, list[str]] = {"source": [], "environment": [], "manifest": []}
    skipped: list[Skipped] = []
    for kind, path, reason in _walk(tree, {name.strip("/") for name in exclude}):
        if kind in ("unread", "excluded"):
            skipped.append(Skipped(what=path, reason=reason, harmless=kind == "excluded"))
        else:
            found[kind].append(path)
    return Detected(
        sources=tuple(sorted(found["source"])),
        environments=tuple(sorted(found["environment"])),
        manifests=tuple(sorted(found["manifest"])),
        skipped=tuple(_judged(skipped, found["source"])),
    )


def _walk(tree: Path, exclude: set[str]) -> Iterator[tuple[str, str, str]]:
    refused: list[tuple[str, str, str]] = []

    def refuse(error: OSError) -> None:
        where = Path(str(error.filename))
        relative = where.relative_to(tree).as_posix() if where.is_relative_to(tree) else where.name
        refused.append(("unread", relative, f"the folder cannot be read ({error.strerror})"))

    for folder, folders, files in os.walk(tree, onerror=refuse):
        here = Path(folder).relative_to(tree)
        if "pyvenv.cfg" in files and folder != str(tree):
            folders.clear()
            yield "environment", here.as_posix(), ""
            continue
        out = {name for name in (*folders, *files) if (here / name).as_posix() in exclude}
        for name in sorted(out):
            yield "excluded", (here / name).as_posix(), "excluded by configuration"
        folders[:] = sorted({*folders} - _NOT_ENTERED - out)
        for name in sorted({*files} - out):
            yield from _file((here / name).as_posix(), name)
    yield from refused


def _file(path: str, name: str) -> Iterator[tuple[str, str, str]]:
    if name in ("pyproject.toml", "package.json"):
        yield "manifest", path, ""
    elif name in _UNREAD:
        yield "unread", path, f"{name} ({_UNREAD[name]} packages) is of no kind that is read"
    elif source_for(path):
        yield "source", path, ""


def _judged(skipped: list[Skipped], sources: list[str]) -> Iterator[Skipped]:
    """A lock of another tool does no harm beside one that is read and speaks of the same packages."""
    read = {(PurePosixPath(path).parent, ecosystem_of(path)): path for path in sources}
    for entry in sorted(skipped, key=lambda one: one.what):
        plain = PurePosixPath(entry.what)
        twin = read.get((plain.parent, _UNREAD.get(plain.name, "")))
        if twin:
            reason = f"{twin} beside it speaks of the same packages"
            yield Skipped(what=entry.what, reason=reason, harmless=True)
        else:
            yield entry
