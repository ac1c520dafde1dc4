"""Scanning a source folder by the scanner's name, as battery.toml and the run describe it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from battery.definitions.security import is_online
from battery.model.frozen import Frozen
from battery.model.security import ONLINE, Security
from battery.scan.findings import findings_of
from battery.scan.interface import ScanResult
from battery.scan.sbom.building import Sbom, build_sbom
from battery.scan.sbom.scanner import scan_sbom
from battery.scan.source.own_key import own_key
from battery.scan.source.pool import Pool
from battery.scan.source.pool_messages import Progress
from battery.scan.source.revision import revision
from battery.scan.source.tree import Tree, tree_of

_VERSIONED = ("code", "secrets", "configuration", "vulnerabilities")


class SourceScan(Frozen, frozen=True, kw_only=True):
    """What is scanned and with what: `base` is where battery.toml's paths start, `own` what the battery wrote there.

    `new_since` names a revision: what stood there already is not counted.
    """

    folder: Path
    base: Path
    security: Security
    key: bytes
    cache: Path
    own: Path
    now: datetime
    new_since: str = ""

    def of(self, folder: Path) -> "SourceScan":
        """The same of another folder."""
        return msgspec.structs.replace(self, folder=folder)

    def standing(self, scanner: str) -> frozenset[str]:
        """The fingerprints of what this scanner finds in the earlier revision; empty where none is named.

        Raises: UsageError when there is no such revision.
        """
        if not self.new_since or scanner not in _VERSIONED:
            return frozenset()
        with revision(self.folder, self.new_since) as older:
            earlier = msgspec.structs.replace(
                self, folder=older, security=_of_earlier(self.security, older), own=older
            )
            found = earlier.scan(scanner, _unheard).found
        return frozenset(place.fingerprint for item in findings_of(found, self.key) for place in item.places)

    def scan(self, scanner: str, on_progress: Callable[[Progress], None]) -> ScanResult:
        """One scanner's result.

        Raises: UsageError when what battery.toml names is not there.
        """
        if scanner == "sbom":
            return scan_sbom(self.sbom(), self.now)
        if scanner == "vulnerabilities":
            return self._vulnerabilities()
        with self._pool(on_progress) as pool:
            return self._with_pool(scanner, pool)

    def sbom(self) -> Sbom:
        """The bill of materials of the folder.

        Raises: UsageError.
        """
        environment = self.base / self.security.environment if self.security.environment else None
        return build_sbom(self.folder, self.now, environment=environment, exclude=self._excluded())

    def _with_pool(self, scanner: str, pool: Pool) -> ScanResult:
        # Imported when wanted: bandit and detect-secrets are heavy.
        if scanner == "logs":
            from battery.scan.source.logs.scan import log_named, scan_logs

            return scan_logs(tuple(log_named(name, self.base) for name in self.security.logs), pool)
        if scanner == "secrets":
            from battery.scan.source.secrets.scan import scan_secrets

            return scan_secrets(self._tree(self._own_key()), pool, history=self.security.history)
        if scanner == "code":
            from battery.scan.source.code.scan import scan_code

            return scan_code(self._tree(), pool)
        from battery.scan.source.configuration.scan import scan_configuration

        return scan_configuration(self._tree(), pool)

    def _vulnerabilities(self) -> ScanResult:
        from battery.scan.vulnerabilities.offline import OfflineDatabase
        from battery.scan.vulnerabilities.online import PUBLIC, OsvService
        from battery.scan.vulnerabilities.scanning import scan_vulnerabilities

        named = self.security.vulnerabilities
        if is_online(named):
            return scan_vulnerabilities(
                self.sbom().components, OsvService(PUBLIC if named == ONLINE else named), self.now
            )
        return scan_vulnerabilities(self.sbom().components, OfflineDatabase(self.base / named), self.now)

    @contextmanager
    def _pool(self, on_progress: Callable[[Progress], None]) -> Iterator[Pool]:
        workers = os.cpu_count() or 1
        with Pool(workers=workers, key=self.key, cache=self.cache, on_progress=on_progress) as pool:
            yield pool

    def _tree(self, besides: tuple[str, ...] = ()) -> Tree:
        return tree_of(self.folder, exclude=(*self._excluded(), *besides))

    def _excluded(self) -> tuple[str, ...]:
        """What the user excludes, and what the battery itself writes below the folder."""
        root, own = self.folder.resolve(), self.own.resolve()
        ours = own.is_relative_to(root) and own != root and own.exists()
        return (*self.security.exclude, *([str(own.relative_to(root))] if ours else []))

    def _own_key(self) -> tuple[str, ...]:
        """The battery's own key; what stands in an earlier revision was committed."""
        return () if self.own == self.folder else own_key(self.folder)


def _of_earlier(security: Security, folder: Path) -> Security:
    """As the earlier tree can be scanned: without the history, and without excluding what was not there yet."""
    there = tuple(name for name in security.exclude if os.path.lexists(folder / name.strip("/")))
    return msgspec.structs.replace(security, history=False, exclude=there)


def _unheard(progress: Progress) -> None:
    """An earlier revision is scanned on the side."""
