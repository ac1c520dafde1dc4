"""The scans of a run as other tools read them: SARIF for code hosts, the bill of materials."""

from collections.abc import Callable, Iterator

import msgspec

from battery.judging.waivers import active_waivers
from battery.model.run import Run
from battery.scan.evidence import BLOB, SBOM_BLOB
from battery.scan.export import Export
from battery.scan.findings import GRAVEST_FIRST, Reported
from battery.scan.sarif import sarif

ReadBlob = Callable[[str], bytes]


def scans_of(run: Run, read_blob: ReadBlob) -> tuple[Export, ...]:
    """What each scanner of the run left, in the order of the checks."""
    return tuple(msgspec.json.decode(data, type=Export) for data in _blobs(run, BLOB, read_blob))


def findings_of_run(scans: tuple[Export, ...]) -> tuple[Reported, ...]:
    """All findings, gravest first."""
    found = [item for scan in scans for item in scan.findings]
    return tuple(sorted(found, key=lambda item: GRAVEST_FIRST.index(item.finding.severity)))


def sarif_of(run: Run, read_blob: ReadBlob) -> bytes | None:
    """results.sarif; none for a run that scanned nothing."""
    scans = scans_of(run, read_blob)
    if not scans:
        return None
    each = [scan for export in scans for scan in export.scans]
    return sarif(findings_of_run(scans), each, active_waivers(run.plan, run.finished))


def sbom_of(run: Run, read_blob: ReadBlob) -> bytes | None:
    """sbom.cdx.json; none for a run that made no bill of materials."""
    return next(_blobs(run, SBOM_BLOB, read_blob), None)


def _blobs(run: Run, name: str, read_blob: ReadBlob) -> Iterator[bytes]:
    for item in run.evidence:
        if item.status == "measured" and item.mode == "real":
            yield from (read_blob(blob.sha256) for blob in item.blobs if blob.name == name)
