"""The target as a stranger sees it: TLS, headers, access, leaks, limits, each by a scanner with its canary."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.security import TARGET_SCANNERS
from battery.recording import Record
from battery.scan.evidence import TRACE_BLOB, record_scan
from battery.scan.fingerprint_key import fingerprint_key
from battery.scan.target.asked_for import target_request
from battery.scan.target.run import ScanStep, scan_target
from battery.scan.target.trace import Trace


@pytest.mark.gate("G5")
@pytest.mark.instrument("security")
@pytest.mark.measures("security.findings.critical", "security.findings.high")
@pytest.mark.limit("60 min")
@pytest.mark.parametrize("scanner", TARGET_SCANNERS)
def check_scanner(
    scanner: str,
    plan: Plan,
    target: Definition,
    state_folder: Path,
    record: Record,
    earlier: Callable[[str], Evidence | None],
) -> None:
    """What a scan of the target finds."""
    require_answering_target(target, earlier)
    base = Path(plan.folder)
    key = fingerprint_key(target.security.fingerprint_key, base, state_folder, os.environ)
    request = target_request(target, base, plan.intensity, plan.seed, (scanner,), os.environ)
    trace = Trace()
    (result,) = scan_target(request, _unheard, trace)
    record_scan(record, result, key.key)
    lines = (msgspec.json.encode(exchange) + b"\n" for exchange in trace.exchanges)
    record.blob(TRACE_BLOB, b"".join(lines), "application/x-ndjson")


def _unheard(step: ScanStep) -> None:
    """One scanner a check: the run itself tells how far it is."""
