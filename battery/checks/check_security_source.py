"""The source tree: code, secrets, configuration, logs, dependencies, and what is known of them."""

import os
from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.plan import Plan
from battery.recording import Record
from battery.scan.evidence import SBOM_BLOB, record_scan
from battery.scan.fingerprint_key import fingerprint_key
from battery.scan.sbom.scanner import scan_sbom
from battery.scan.source.pool_messages import Progress
from battery.scan.source.scanning import SourceScan

pytestmark = [
    pytest.mark.gate("G5"),
    pytest.mark.instrument("security"),
    pytest.mark.measures("security.findings.critical", "security.findings.high"),
    pytest.mark.limit("60 min"),
]
_NO_VULNERABILITIES = (
    'no data on vulnerabilities: write [security] vulnerabilities = "online" (names and versions of the dependencies '
    "then leave this machine), or the path of an OSV folder or zip; on the command line --online or --osv-db"
)
_NEW_KEY = (
    "the key of the fingerprints was made just now ({}): no waiver written under another key can match; "
    "keep that file, or set BATTERY_FINGERPRINT_KEY"
)
_NO_LOGS = (
    'no logs: name them as [security] logs = ["app.log"] in battery.toml; where the service writes none, say so: '
    '[security.not_applicable] logs = "why"'
)


@pytest.fixture
def own_scan(plan: Plan, target: Definition, state_folder: Path, record: Record) -> SourceScan:
    """The scan of no source tree, as far as it goes without one: the logs."""
    base = Path(plan.folder)
    key = fingerprint_key(target.security.fingerprint_key, base, state_folder, os.environ)
    if key.new and any(waiver.finding for waiver in plan.waivers):
        record.tell(_NEW_KEY.format(key.source))
    return SourceScan(
        folder=base,
        base=base,
        security=target.security,
        key=key.key,
        cache=state_folder / "scan-cache",
        own=state_folder.parent,
        now=plan.created,
        new_since=plan.new_since,
    )


@pytest.fixture
def source_scan(own_scan: SourceScan, source_folder: Path) -> SourceScan:
    """The scan of the target's source tree."""
    return own_scan.of(source_folder)


def check_code(source_scan: SourceScan, record: Record) -> None:
    """Defects in the code."""
    _scan("code", source_scan, record)


def check_secrets(source_scan: SourceScan, record: Record) -> None:
    """Secrets in the source tree, and in its history where that is asked for."""
    _scan("secrets", source_scan, record)


def check_configuration(source_scan: SourceScan, record: Record) -> None:
    """Settings that open the service to strangers."""
    _scan("configuration", source_scan, record)


def check_logs(own_scan: SourceScan, record: Record) -> None:
    """Secrets, failures and attacks in the service's logs."""
    if not own_scan.security.logs:
        pytest.skip(_NO_LOGS)
    _scan("logs", own_scan, record)


def check_sbom(source_scan: SourceScan, record: Record) -> None:
    """What the release is made of, as a bill of materials."""
    bill = source_scan.sbom()
    record.blob(SBOM_BLOB, bill.document, "application/vnd.cyclonedx+json")
    record_scan(record, scan_sbom(bill, source_scan.now), source_scan.key)


def check_vulnerabilities(source_scan: SourceScan, record: Record) -> None:
    """Known vulnerabilities of the dependencies."""
    if not source_scan.security.vulnerabilities:
        pytest.skip(_NO_VULNERABILITIES)
    _scan("vulnerabilities", source_scan, record)


def _scan(scanner: str, source_scan: SourceScan, record: Record) -> None:
    def told(progress: Progress) -> None:
        share = progress.size / progress.all_size if progress.all_size else 1.0
        record.progress(
            share, f"{progress.files} of {progress.all_files} files, {progress.size / 1e6:.1f} MB"
        )

    result = source_scan.scan(scanner, told)
    record_scan(record, result, source_scan.key, source_scan.standing(scanner))
