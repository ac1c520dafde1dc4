"""What a scan leaves in the evidence: findings by severity, its ledger and canaries as proofs, all of it as a blob."""

from collections.abc import Sequence, Set

from battery.recording import Record
from battery.scan.export import exported
from battery.scan.findings import GRAVEST_FIRST, Reported, findings_of
from battery.scan.interface import ScanResult

BLOB, SBOM_BLOB, TRACE_BLOB = "scan", "sbom", "trace"
JUDGED = ("critical", "high")
_MOST_LISTED = 200  # of those that no rule counts; the blob holds all
_MOST_REASONS = 8


def record_scan(
    record: Record, result: ScanResult, key: bytes, standing: Set[str] = frozenset()
) -> tuple[Reported, ...]:
    """Record one scanner's result; findings that stood before a change in all their places are not counted."""
    reported = findings_of(result.found, key)
    new = tuple(item for item in reported if not _stood(item, standing))
    for severity in JUDGED:
        count = sum(item.finding.severity == severity for item in new)
        record.measure(f"security.findings.{severity}", count, n=result.ledger.scanned or None)
    _prove(record, result)
    _list(record, new)
    if len(new) < len(reported):
        record.fact("not counted", f"{len(reported) - len(new)} findings that stood before the change")
    for name, text in result.facts.items():
        record.fact(name, text)
    record.blob(BLOB, exported(new, [result]), "application/json")
    return new


def _stood(item: Reported, standing: Set[str]) -> bool:
    return bool(standing) and all(place.fingerprint in standing for place in item.places)


def _prove(record: Record, result: ScanResult) -> None:
    ledger = result.ledger
    counts = f"{ledger.discovered} discovered, {ledger.scanned} scanned, {len(ledger.skipped)} left out"
    record.proof("every part is accounted for", ledger.adds_up, counts)
    # Who discovered nothing at all, not even a reason to leave it out, has not looked.
    complete = ledger.discovered > 0 and not result.incomplete
    record.proof("the scan is complete", complete, _told(result.incomplete) or counts)
    missed = [canary for canary in result.canaries if not canary.seen]
    if result.canaries or ledger.scanned:
        detail = (
            _told([f"{canary.name} missed: {canary.detail}" for canary in missed])
            or f"{len(result.canaries)} planted"
        )
        record.proof("its canaries were found", bool(result.canaries) and not missed, detail)


def _told(reasons: Sequence[str]) -> str:
    more = f"; and {len(reasons) - _MOST_REASONS} more" if len(reasons) > _MOST_REASONS else ""
    return "; ".join(reasons[:_MOST_REASONS]) + more


def _list(record: Record, new: Sequence[Reported]) -> None:
    """The gravest first, as they come; every one that a rule counts, and of the others as many as people read."""
    counted = sum(item.finding.severity in JUDGED for item in new)
    listed = new[: counted + _MOST_LISTED]
    for item in listed:
        record.finding(item.finding)
    if len(listed) < len(new):
        record.fact("listed", f"{len(listed)} of {len(new)} findings; the blob {BLOB} holds all")
    if new:
        counts = {
            severity: sum(item.finding.severity == severity for item in new) for severity in GRAVEST_FIRST
        }
        record.fact("findings", ", ".join(f"{count} {name}" for name, count in counts.items() if count))
