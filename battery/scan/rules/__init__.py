"""The scan rules as data: one TOML file a scanner, each rule with its severity, reason and fix."""

from functools import cache
from importlib.resources import files

import msgspec

from battery.model.finding import Severity
from battery.model.frozen import Frozen


class ScanRule(Frozen, frozen=True, kw_only=True):
    """What a detection means: how grave it is and why, and how to mend it.

    A rule that folds makes one finding of the same content in many places: one leaked key is one thing to revoke.
    """

    id: str
    severity: Severity
    title: str
    why: str
    fix: str
    cwe: str = ""
    folds: bool = False


class _RuleFile(Frozen, frozen=True, kw_only=True):
    rule: tuple[ScanRule, ...]


@cache
def scan_rules() -> dict[str, ScanRule]:
    """Every shipped rule by its id."""
    rules: dict[str, ScanRule] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for rule in msgspec.toml.decode(file.read_bytes(), type=_RuleFile).rule:
                if rule.id in rules:
                    raise ValueError(f"{file.name}: rule {rule.id} stands in two files")
                rules[rule.id] = rule
    return rules
