"""OSV records and components as tests write them."""

from typing import Any

import msgspec

from battery.scan.sbom.component import Component
from battery.scan.sbom.purl import purl
from battery.scan.vulnerabilities.record import OsvRecord

V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"


def raw(
    name: str, package: str = "jinja2", ecosystem: str = "PyPI", fixed: str = "3.1.3", **more: Any
) -> dict[str, Any]:
    """A record that affects every version of the package before `fixed`."""
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
    affected = [{"package": {"ecosystem": ecosystem, "name": package}, "ranges": ranges}]
    return {
        "id": name,
        "modified": "2026-01-01T00:00:00Z",
        "affected": affected,
        "summary": "It breaks.",
    } | more


def record(name: str, **more: Any) -> OsvRecord:
    """The same, decoded."""
    return msgspec.convert(raw(name, **more), OsvRecord)


def ranged(
    *events: dict[str, str], versions: tuple[str, ...] = (), kind: str = "ECOSYSTEM", ecosystem: str = "PyPI"
) -> OsvRecord:
    """A record with these events and versions, about a package `a`."""
    ranges = [{"type": kind, "events": list(events)}] if events else []
    entry = {"package": {"ecosystem": ecosystem, "name": "a"}, "ranges": ranges, "versions": list(versions)}
    return msgspec.convert({"id": "X-1", "modified": "2026-01-01T00:00:00Z", "affected": [entry]}, OsvRecord)


def component(
    name: str = "jinja2", version: str = "3.1.2", ecosystem: str = "PyPI", **more: Any
) -> Component:
    """A component with a package URL."""
    url = purl(ecosystem, name, version)  # type: ignore[arg-type]
    plain = {
        "ref": url,
        "ecosystem": ecosystem,
        "name": name,
        "version": version,
        "purl": url,
        "places": ("uv.lock",),
    }
    return Component(**(plain | more))
