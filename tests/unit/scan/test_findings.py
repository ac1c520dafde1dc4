"""Detections become findings: fingerprints, folding, order."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.findings import findings_of
from battery.scan.fingerprint import Fingerprints, normalised
from battery.scan.interface import Found
from battery.scan.rules import ScanRule, scan_rules

KEY = b"a key of the tests"
RULES = {
    rule.id: rule
    for rule in (
        ScanRule(id="code.x", severity="high", title="X", why="w", fix="f", cwe="CWE-1"),
        ScanRule(id="secrets.x", severity="critical", title="S", why="w", fix="f", folds=True),
        ScanRule(id="info.x", severity="info", title="I", why="w", fix="f"),
    )
}


def found(rule: str = "code.x", where: str = "a.py", line: int = 1, content: str = "eval(x)") -> Found:
    return Found(rule=rule, where=where, line=line, content=content, excerpt=f"shown {line}")


def fingerprints(*items: Found) -> list[str]:
    return [item.finding.fingerprint for item in findings_of(items, KEY, RULES)]


def test_a_finding_that_moved_down_keeps_its_fingerprint() -> None:
    assert fingerprints(found(line=3)) == fingerprints(found(line=300))


def test_white_space_does_not_change_a_fingerprint() -> None:
    assert fingerprints(found(content="eval( x )\n")) == fingerprints(found(content="  eval(\n\tx )"))


@pytest.mark.parametrize(
    "other",
    [found(content="eval(y)"), found(where="b.py"), found(rule="info.x")],
    ids=["content", "path", "rule"],
)
def test_another_content_path_or_rule_is_another_finding(other: Found) -> None:
    assert fingerprints(other) != fingerprints(found())


def test_another_key_gives_other_fingerprints() -> None:
    assert findings_of([found()], b"other", RULES)[0].finding.fingerprint != fingerprints(found())[0]


def test_a_fingerprint_needs_a_key() -> None:
    with pytest.raises(ValueError, match="need a key"):
        Fingerprints(b"")


def test_the_same_content_twice_in_a_file_is_two_findings_in_the_order_of_lines() -> None:
    first, second = fingerprints(found(line=9), found(line=2))
    assert first != second
    assert fingerprints(found(line=2)) == [first]
    assert fingerprints(found(line=20), found(line=90)) == [first, second]


def test_one_secret_in_many_places_is_one_finding_that_lists_them() -> None:
    items = [found("secrets.x", f"{name}.env", line, "sealed") for name in "cab" for line in (4, 2)]
    (one,) = findings_of(items, KEY, RULES)
    assert one.finding.location == "a.env:2"
    assert [place.text for place in one.places] == [
        "a.env:2",
        "a.env:4",
        "b.env:2",
        "b.env:4",
        "c.env:2",
        "c.env:4",
    ]
    assert "also at a.env:4, b.env:2" in one.finding.excerpt
    assert one.excerpt == "shown 2"
    assert len({place.fingerprint for place in one.places}) == 6


def test_a_secret_that_still_stands_is_named_before_its_history() -> None:
    items = [found("secrets.x", where, 1, "sealed") for where in ("git:0a1b:a", "z")]
    assert findings_of(items, KEY, RULES)[0].finding.location == "z:1"


def test_one_more_place_of_a_folded_secret_reopens_it() -> None:
    here, there = found("secrets.x", "a", 1, "sealed"), found("secrets.x", "b", 1, "sealed")
    assert fingerprints(here) != fingerprints(here, there)


def test_very_many_places_are_counted_rather_than_listed() -> None:
    (one,) = findings_of([found("secrets.x", f"f{n:03}", 1, "sealed") for n in range(60)], KEY, RULES)
    assert one.finding.excerpt.endswith("and 39 more places)")


def test_a_fold_is_as_sure_as_its_surest_place() -> None:
    items = [
        Found(rule="secrets.x", where="a", content="c", confidence="low"),
        Found(rule="secrets.x", where="b", content="c", confidence="high"),
        Found(rule="secrets.x", where="c", content="c", confidence="medium"),
    ]
    assert findings_of(items, KEY, RULES)[0].finding.confidence == "high"


def test_findings_come_gravest_first_then_by_place() -> None:
    items = [found("info.x"), found(where="b"), found(where="a", line=2), found("secrets.x", "z", 1, "s")]
    order = [(item.finding.severity, item.finding.location) for item in findings_of(items, KEY, RULES)]
    assert order == [("critical", "z:1"), ("high", "a:2"), ("high", "b:1"), ("info", "a.py:1")]


def test_a_detection_without_a_line_stands_in_its_file() -> None:
    assert findings_of([found(line=0)], KEY, RULES)[0].finding.location == "a.py"


def test_a_column_is_part_of_the_place() -> None:
    item = Found(rule="code.x", where="a.py", line=3, column=7, content="c")
    assert findings_of([item], KEY, RULES)[0].finding.location == "a.py:3:7"


def test_a_detection_of_no_known_rule_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rule code\.y stands in no file"):
        findings_of([found("code.y")], KEY, RULES)


def test_nothing_found_is_no_finding() -> None:
    assert findings_of([], KEY, RULES) == ()


_founds = st.lists(
    st.builds(
        found,
        rule=st.sampled_from(sorted(RULES)),
        where=st.sampled_from(["a", "b", "c"]),
        line=st.integers(0, 4),
        content=st.sampled_from(["x", "y", "x  y", "x y"]),
    ),
    max_size=12,
)


@given(_founds, st.randoms())
def test_the_order_of_detections_does_not_matter_and_none_is_lost(
    items: Sequence[Found], random: object
) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    reported = findings_of(items, KEY, RULES)
    assert findings_of(shuffled, KEY, RULES) == reported
    assert sum(len(item.places) for item in reported) == len(items)
    fingerprints = [item.finding.fingerprint for item in reported]
    assert len(set(fingerprints)) == len(fingerprints)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(
    st.lists(st.text(max_size=5), min_size=3, max_size=3),
    st.lists(st.text(max_size=5), min_size=3, max_size=3),
)
def test_other_parts_are_never_taken_for_the_same(one: list[str], other: list[str]) -> None:
    prints = Fingerprints(KEY)
    same = [*one[:2], normalised(one[2])] == [*other[:2], normalised(other[2])]
    assert (prints.of(one[0], one[1], one[2]) == prints.of(other[0], other[1], other[2])) is same


def test_every_shipped_rule_says_why_and_how_to_mend_it() -> None:
    for rule in scan_rules().values():
        assert rule.title, rule.id
        assert rule.why, rule.id
        assert rule.fix, rule.id
