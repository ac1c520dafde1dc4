"""The SBOM as a scan: what the tree is made of, or why that is not known, with a canary in each lock format."""

import tempfile
from datetime import datetime
from pathlib import Path

from battery.scan.interface import Canary, ScanResult
from battery.scan.sbom.building import Sbom, build_sbom
from battery.scan.sbom.planted import PLANTED


def scan_sbom(sbom: Sbom, now: datetime) -> ScanResult:
    """The result for a bill that was built, with the proof that each reader would have seen a component."""
    left_out = [f"{skip.what}: {skip.reason}" for skip in sbom.ledger.skipped if not skip.harmless]
    return ScanResult(
        scanner="sbom",
        found=(),
        ledger=sbom.ledger,
        canaries=_canaries(now),
        incomplete=tuple(dict.fromkeys((*sbom.incomplete, *left_out))),
        facts={"components": str(len(sbom.components))},
    )


def _canaries(now: datetime) -> tuple[Canary, ...]:
    """One lock file of each kind, each naming one package of ours."""
    return tuple(_canary(name, text, now) for name, text in PLANTED.items())


def _canary(name: str, text: str, now: datetime) -> Canary:
    with tempfile.TemporaryDirectory(prefix="battery-canary-") as folder:
        (Path(folder) / name).write_text(text)
        found = build_sbom(Path(folder), now).components
    seen = any(component.name == "battery-canary" for component in found)
    return Canary(name=name, seen=seen, detail="found" if seen else "a planted package was not found")
