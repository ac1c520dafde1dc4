"""The JSON export: every finding with its places, and what each scanner looked at, as a machine reads it."""

from collections.abc import Iterable, Sequence

import msgspec

from battery.model.frozen import Frozen
from battery.model.waiver import Waiver
from battery.scan.findings import Reported
from battery.scan.interface import Canary, Ledger, ScanResult


class ExportedScan(Frozen, frozen=True, kw_only=True):
    """One scanner's part: its ledger, its canaries and why it is incomplete. Its raw detections are never exported."""

    scanner: str
    ledger: Ledger
    canaries: tuple[Canary, ...]
    incomplete: tuple[str, ...]
    facts: dict[str, str]


class Export(Frozen, frozen=True, kw_only=True):
    """The whole document. `waived` are fingerprints of findings that a waiver excuses."""

    scans: tuple[ExportedScan, ...]
    findings: tuple[Reported, ...]
    waived: tuple[str, ...]


def exported(
    reported: Sequence[Reported], scans: Iterable[ScanResult], waivers: Iterable[Waiver] = ()
) -> bytes:
    """The document, indented, with a newline at its end; `waivers` are those that are in force."""
    excused = {waiver.finding for waiver in waivers}
    waived = sorted({item.finding.fingerprint for item in reported} & excused)
    document = Export(
        scans=tuple(_without_detections(scan) for scan in scans),
        findings=tuple(reported),
        waived=tuple(waived),
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _without_detections(scan: ScanResult) -> ExportedScan:
    return ExportedScan(
        scanner=scan.scanner,
        ledger=scan.ledger,
        canaries=scan.canaries,
        incomplete=scan.incomplete,
        facts=scan.facts,
    )
