"""What is named for the scans must be there before anything runs: a wrong path is found in a second, not in an hour."""

import os
from pathlib import Path

from battery.definitions.security import is_online
from battery.errors import UsageError
from battery.model.definition import Definition
from battery.scan.source.tree import check_tree


def check_named(definition: Definition, base: Path, new_since: str) -> None:
    """The source folder, what is excluded from it, the vulnerability data, the environment, the revision.

    Raises: UsageError that names what is missing.
    """
    security = definition.security
    if definition.source is not None:
        folder = base / definition.source.path
        check_tree(folder, security.exclude)
        if new_since:
            _check_revision(folder, new_since)
    named = security.vulnerabilities
    if named and not is_online(named) and not (base / named).exists():
        raise UsageError(
            f"{base / named} does not exist; name a folder or zip of OSV records, or ask online for vulnerabilities"
        )
    if security.environment and not (base / security.environment).is_dir():
        raise UsageError(f"{base / security.environment} is not a folder; name an installed environment")
    for name in (security.ca_file, security.openapi_file, security.fingerprint_key):
        if name and not os.access(base / name, os.R_OK):
            raise UsageError(f"{base / name} cannot be read; the [security] table names it")


def _check_revision(folder: Path, name: str) -> None:
    from battery.scan.source.revision import commit_of

    commit_of(folder, name)
