"""Rules: each one that a scanner names exists, and each that exists is named by a scanner."""

import re
from pathlib import Path

import battery.scan.target
from battery.model.security import TARGET_SCANNERS
from battery.scan.rules import scan_rules
from battery.scan.target.catalogue import scanners_named

SOURCES = "".join(path.read_text() for path in Path(battery.scan.target.__file__).parent.rglob("*.py"))


def ours() -> set[str]:
    """The rules of target.toml."""
    return {name for name in scan_rules() if name.startswith("target.")}


def test_every_rule_is_named_by_a_scanner_and_the_other_way_round() -> None:
    named = set(re.findall(r'"(target\.[a-z-]+\.[a-z0-9-]+)"', SOURCES))
    made = {f"target.exposed.{rule}" for rule in re.findall(r'_each\(\s*"([a-z-]+)"', SOURCES)}
    assert named | made == ours()


def test_every_rule_says_what_why_and_how() -> None:
    for name in ours():
        rule = scan_rules()[name]
        assert rule.title
        assert rule.why.endswith(".")
        assert rule.fix.endswith(".")
        assert rule.severity == "info" or re.fullmatch(r"CWE-\d+", rule.cwe)


def test_every_scanner_has_canaries_and_they_are_rules() -> None:
    for scanner in scanners_named(TARGET_SCANNERS):
        assert scanner.canaries
        assert set(scanner.canaries) <= ours()


def test_what_the_fuzzer_finds_is_vouched_for_by_canaries_as_no_corpus_measures_it() -> None:
    (fuzz,) = scanners_named(("fuzz",))
    assert set(fuzz.canaries) == {name for name in ours() if name.startswith("target.fuzz.")}
