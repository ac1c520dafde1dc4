"""The healthy reference has nothing grave, and each planted defect is found with its rule and severity."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from battery.clock import now
from battery.model.security import TARGET_SCANNERS, AccessRule, Kind, LoginProbe, ScanIdentity, Security
from battery.reference.clock import wall_clock
from battery.reference.defects.security_catalogue import SECURITY
from battery.reference.defects.source_defects import SOURCE_DEFECT_NAMES, copy_source, plant
from battery.reference.demo import ReferenceTarget
from battery.reference.tls.certificates import make_certificates
from battery.scan.findings import findings_of
from battery.scan.interface import ScanResult
from battery.scan.source.scanning import SourceScan
from battery.scan.target.request import ScanLimits, TargetScanRequest
from battery.scan.target.run import scan_target
from tests.fakes.reference_house import ENVIRONMENT, ORDER, TOKENS

KEY = b"k" * 32
# With the quota for strangers and the lockout that the service has by itself.
SERVICE = {name: ENVIRONMENT[name] for name in ("REFERENCE_TOKENS", "REFERENCE_USERS")}
# The API is described by its own project, and fuzzed by the scanner's own tests.
SCANNERS = tuple(name for name in TARGET_SCANNERS if name != "fuzz")
JSON = {"Content-Type": "application/json"}
KINDS: dict[str, Kind] = {
    "ann": "valid",
    "will": "wrong_role",
    "rita": "wrong_role",
    "sue": "other_tenant",
    "old": "expired",
}
IDENTITIES = tuple(
    ScanIdentity(name=name, kind=kind, headers={"Authorization": f"Bearer {TOKENS[name]}"})
    for name, kind in KINDS.items()
)
ACCESS = (
    AccessRule(name="administration", path="/api/admin/callers", allowed=("ann",)),
    AccessRule(name="audit", path="/api/audit", allowed=("ann",)),
    AccessRule(name="notes", path="/api/tenants/north/notes", allowed=("ann", "will", "rita")),
    AccessRule(
        name="order",
        path="/api/orders",
        method="POST",
        headers=JSON,
        body=json.dumps(ORDER),
        allowed=("ann", "will", "sue"),
        may_run=True,
    ),
)
LOGIN = LoginProbe(path="/api/login", body='{"user": "nobody", "password": "a-wrong-one"}')


class Planted(NamedTuple):
    """A defect, the scanner that finds it, the rule and its severity, and what else may be found with it."""

    defect: str
    scanner: str
    rule: str
    severity: str
    besides: tuple[str, ...] = ()


PLANTED = (
    Planted("missing_header", "headers", "target.headers.nosniff", "low"),
    Planted("cors_wildcard", "cors", "target.cors.wildcard-with-credentials", "high"),
    Planted(
        "cookie_flags",
        "headers",
        "target.cookies.session-secure",
        "high",
        ("target.cookies.session-httponly",),
    ),
    Planted("debug_page", "errors", "target.errors.debug-page", "high"),
    Planted("stack_trace", "errors", "target.errors.stack-trace", "medium"),
    Planted("exposed_env", "exposed", "target.exposed.env", "critical"),
    Planted(
        "admin_open",
        "access",
        "target.access.unauthenticated",
        "critical",
        ("target.access.wrong-role", "target.access.other-tenant"),
    ),
    Planted("wrong_role", "access", "target.access.wrong-role", "high", ("target.access.other-tenant",)),
    Planted("other_tenant", "access", "target.access.other-tenant", "high"),
    Planted("expired_token", "access", "target.access.expired", "high"),
    Planted("no_rate_limit", "rate_limit", "target.rate-limit.absent", "medium"),
    Planted("no_lockout", "abuse", "target.abuse.no-lockout", "high"),
    Planted("trace_on", "methods", "target.methods.trace", "medium"),
    Planted("weak_tls", "tls", "target.tls.old-version", "high", ("target.tls.broken-cipher",)),
    Planted("expired_certificate", "tls", "target.tls.expired", "critical"),
)


def scanned(target: ReferenceTarget, *scanners: str) -> tuple[ScanResult, ...]:
    """The results of some scanners."""
    request = TargetScanRequest(
        url=target.url,
        paths=("/", "/api/orders?limit=20", "/api/quote?item=tea", "/api/report", "/api/health/status"),
        scanners=scanners,
        identities=IDENTITIES,
        access=ACCESS,
        login=LOGIN,
        ca_file=str(target.authority) if target.url.startswith("https") else "",
        limits=ScanLimits(slow_seconds=1.0),
    )
    return scan_target(request, lambda step: None)


def source_scanned(folder: Path, state: Path, scanner: str, security: Security | None = None) -> ScanResult:
    """The result of one scanner of a source folder."""
    scan = SourceScan(
        folder=folder,
        base=folder,
        security=security or Security(),
        key=KEY,
        cache=state / "cache",
        own=state,
        now=now(),
    )
    return scan.scan(scanner, lambda progress: None)


def severities(results: Sequence[ScanResult]) -> dict[str, str]:
    """The rules that were broken, and how grave each is; the scans must have been complete."""
    for result in results:
        assert result.incomplete == (), (result.scanner, result.incomplete)
        assert [canary.name for canary in result.canaries if not canary.seen] == []
    found = [found for result in results for found in result.found]
    return {reported.finding.rule: reported.finding.severity for reported in findings_of(found, KEY)}


def test_the_healthy_reference_has_no_finding_at_all(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path, environment=SERVICE) as target:
        assert severities(scanned(target, *SCANNERS)) == {}


def test_the_healthy_reference_over_tls_has_no_finding_either(tmp_path: Path) -> None:
    certificate = make_certificates(tmp_path / "tls", wall_clock())
    with ReferenceTarget(tmp_path / "target", environment=SERVICE, certificate=certificate) as target:
        assert severities(scanned(target, "tls", "headers", "cors", "methods")) == {}


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.defect)
def test_a_defect_of_the_service_is_found_with_its_rule_and_severity(
    tmp_path: Path, planted: Planted
) -> None:
    with ReferenceTarget(tmp_path, defects=(planted.defect,), environment=SERVICE) as target:
        found = severities(scanned(target, planted.scanner))
    assert found.get(planted.rule) == planted.severity
    assert set(found) <= {planted.rule, *planted.besides}


def test_a_token_in_the_log_is_found_and_the_healthy_log_is_clean(tmp_path: Path) -> None:
    found = {}
    for defects in ((), ("secret_in_log",)):
        folder = tmp_path / "-".join(("target", *defects))
        with ReferenceTarget(folder, defects=defects, environment=SERVICE) as target:
            token = {"Authorization": f"Bearer {TOKENS['will']}"}
            assert httpx.get(f"{target.url}/api/orders", headers=token).status_code == 200
        result = source_scanned(folder, tmp_path / "state", "logs", Security(logs=(str(target.log),)))
        assert TOKENS["will"] not in str(findings_of(result.found, KEY))
        found[defects] = severities([result])
    assert found == {(): {}, ("secret_in_log",): {"logs.credential": "high"}}


@pytest.mark.parametrize(
    ("defect", "scanner", "rule", "severity"),
    [
        ("secret_in_source", "secrets", "secrets.aws-access-key", "critical"),
        ("env_file", "configuration", "configuration.secret-in-env-file", "high"),
        ("vulnerable_dependency", "vulnerabilities", "vulnerability.high", "high"),
    ],
)
def test_a_defect_of_the_source_is_found_with_its_rule_and_severity(
    tmp_path: Path, defect: str, scanner: str, rule: str, severity: str
) -> None:
    plant(tmp_path / "planted", defect)
    copy_source(tmp_path / "healthy")
    known = Security(vulnerabilities=str(_vulnerabilities(tmp_path / "osv")))
    healthy, planted = (
        severities([source_scanned(tmp_path / name, tmp_path / "state", scanner, known)])
        for name in ("healthy", "planted")
    )
    assert (healthy.get(rule), planted.get(rule)) == (None, severity)


@pytest.mark.parametrize("scanner", ["code", "secrets", "configuration", "sbom"])
def test_the_healthy_source_has_nothing_grave(tmp_path: Path, scanner: str) -> None:
    found = severities([source_scanned(copy_source(tmp_path / "copy"), tmp_path / "state", scanner)])
    assert [rule for rule, severity in found.items() if severity in ("critical", "high")] == []


def test_every_defect_of_security_is_looked_for_here() -> None:
    looked_for = {planted.defect for planted in PLANTED} | {"secret_in_log"}
    assert looked_for == {defect.name for defect in SECURITY}
    assert set(SOURCE_DEFECT_NAMES) == {"secret_in_source", "vulnerable_dependency", "env_file"}


def _vulnerabilities(folder: Path) -> Path:
    """A database of one vulnerability, of the version that is planted."""
    folder.mkdir()
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.8.1"}]}]
    record = {
        "id": "GHSA-0000-0000-0000",
        "modified": now().isoformat().replace("+00:00", "Z"),
        "summary": "The sandbox can be left.",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": "jinja2"}, "ranges": ranges}],
    }
    (folder / "record.json").write_text(json.dumps(record))
    return folder
