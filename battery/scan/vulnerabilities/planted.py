"""The canaries' record for a database of one's own: read, decoded and judged like every other."""

import json

from battery.scan.vulnerabilities.entries import Entry
from battery.scan.vulnerabilities.record import Package
from battery.scan.vulnerabilities.source import Plant

_NAME = "hardening-battery-canary"  # no index has a package of that name, so no real component can meet the record


def plant_in(ecosystem: str) -> Plant:
    """A package that the planted record affects."""
    package = Package(ecosystem, _NAME, "1.5.0")
    return Plant(package, f"CANARY-{ecosystem}")


def planted_entry(ecosystem: str) -> Entry:
    """The record as a file of the database; its date is old, so that it never makes the database look fresh."""
    plant = plant_in(ecosystem)
    affected = {
        "package": {"ecosystem": ecosystem, "name": _NAME},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.0.0"}, {"fixed": "1.10.0"}]}],
    }
    record = {"id": plant.id, "modified": "1970-01-01T00:00:00Z", "affected": [affected]}
    return Entry(f"{plant.id}.json", json.dumps(record).encode())
