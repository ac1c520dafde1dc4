"""Manifests that ask for packages where no lock pins them: what would be installed is not known."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from battery.scan.sbom.detecting import Detected, ecosystem_of
from battery.scan.sbom.source import SourceFile

_NPM = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def is_covered(manifest: str, detected: Detected) -> bool:
    """Whether a source in the manifest's folder or above it speaks for the same packages."""
    folders = PurePosixPath(manifest).parents
    ecosystem = ecosystem_of(manifest)
    return any(
        ecosystem_of(source) == ecosystem and _folder(source) in folders for source in detected.sources
    )


def unpinned(file: SourceFile) -> Iterator[str]:
    """Why the manifest makes the bill incomplete: it asks for packages, or cannot be read to tell."""
    try:
        raw = tomllib.loads if file.name.endswith(".toml") else json.loads
        document: Any = raw(file.data.decode("utf-8-sig"))
        asked = _asked(document)
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        yield f"{file.name}: it cannot be read ({type(error).__name__}), so what it depends on is not known"
        return
    if asked:
        tool = "uv lock" if file.name.endswith(".toml") else "npm install --package-lock-only"
        yield f"{file.name}: it asks for {asked} packages and no lock pins them; write one, as with `{tool}`"


def _folder(source: str) -> PurePosixPath:
    """The folder a source speaks for: requirements/base.txt speaks for the folder above."""
    folder = PurePosixPath(source).parent
    return folder.parent if folder.name == "requirements" else folder


def _asked(document: Any) -> int:
    """How many packages the manifest asks for."""
    project, tool = document.get("project", {}), document.get("tool", {})
    poetry = tool.get("poetry", {}).get("dependencies", {})
    extras = project.get("optional-dependencies", {}).values()
    python = len(project.get("dependencies", [])) + sum(map(len, extras)) + len(set(poetry) - {"python"})
    return python + sum(len(document.get(key, {})) for key in _NPM)
