"""The finding: one security or posture defect that a person can act on."""

from typing import Literal

from battery.model.frozen import Frozen

Severity = Literal["critical", "high", "medium", "low", "info"]


class Finding(Frozen, frozen=True, kw_only=True):
    """One defect, its place, and how to mend it; the fingerprint survives moved lines."""

    rule: str
    severity: Severity
    title: str
    location: str
    fingerprint: str
    confidence: Literal["high", "medium", "low"] = "high"
    cwe: str = ""
    excerpt: str = ""
    fix: str = ""
