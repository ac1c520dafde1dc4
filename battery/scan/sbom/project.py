"""What a tree calls itself, so that its bill does not depend on the folder that it was checked out into."""

import json
import tomllib
from collections.abc import Callable
from typing import Any

from battery.scan.sbom.document import Project
from battery.scan.sbom.unreadable import SourceUnreadable

_MANIFESTS: tuple[tuple[str, Callable[[str], Any], tuple[str, ...]], ...] = (
    ("pyproject.toml", tomllib.loads, ("project",)),
    ("pyproject.toml", tomllib.loads, ("tool", "poetry")),
    ("package.json", json.loads, ()),
)


def project_of(load: Callable[[str], bytes], fallback: str) -> Project:
    """The name and version in the tree's own manifest; else the fallback, as for a manifest that cannot be read.

    `unpinned` reports an unreadable manifest: here only the title of the bill is at stake.
    """
    for file, decode, keys in _MANIFESTS:
        try:
            table: Any = decode(load(file).decode("utf-8-sig"))
            for key in keys:
                table = table.get(key, {})
            name, version = table.get("name"), table.get("version")
        except (SourceUnreadable, ValueError, RecursionError, AttributeError):
            continue
        if isinstance(name, str) and name:
            return Project(name=name, version=version if isinstance(version, str) else "")
    return Project(name=fallback)
