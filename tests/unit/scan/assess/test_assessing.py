"""Assessing: benches become rows, and a row says whether its rule may stop a release."""

import msgspec
import pytest

from battery.scan.assess.assessing import assess
from battery.scan.assess.assessment import FLOOR, Assessment, as_json, standing_of
from battery.scan.assess.case import Case, Exam, Sizes
from battery.scan.assess.unassessed import UNASSESSED
from battery.scan.rules import ScanRule
from battery.statistics import proportion
from tests.unit.scan.assess.benches import all_seeing, bench, cases_of, trigger_happy, without


def rule(name: str, severity: str = "high") -> ScanRule:
    return ScanRule(id=name, severity=severity, title="t", why="w", fix="f")  # type: ignore[arg-type] # tests know the words


RULES = {
    one.id: one for one in (rule("a"), rule("b", "critical"), rule("c", "medium"), rule("secrets.unknown"))
}
PERFECT = bench((*cases_of("a", 12, 12), *cases_of("b", 12, 12), *cases_of("c", 12, 12)), all_seeing)


def assessed(*benches: object) -> Assessment:
    return assess(5, lambda done, words: None, benches=benches, rules=RULES)  # type: ignore[arg-type] # benches are benches


def test_a_perfect_scanner_blocks_with_its_grave_rules_only() -> None:
    assert {row.rule: row.standing for row in assessed(PERFECT).rows} == {
        "a": "blocks",
        "b": "blocks",
        "c": "informs",
    }


def test_a_scanner_without_a_rule_shows_recall_0_and_the_rule_does_not_block() -> None:
    row = next(row for row in assessed(without(PERFECT, "a")).rows if row.rule == "a")
    assert row.found == 0
    assert row.recall is not None
    assert row.recall.value == 0
    assert row.precision is None
    assert (row.standing, row.blocking) == ("below floor", False)


def test_a_trigger_happy_rule_shows_low_precision_and_does_not_block() -> None:
    result = assessed(trigger_happy(PERFECT, "b"))
    row = next(row for row in result.rows if row.rule == "b")
    assert row.precision is not None
    assert row.precision.value == 0.5
    assert row.false_alarms == 12
    assert [one.rule for one in result.below_floor] == ["b"]


@pytest.mark.parametrize(
    ("right", "wrong", "standing"),
    [(12, 0, "blocks"), (11, 0, "blocks"), (10, 0, "below floor"), (40, 6, "blocks"), (40, 7, "below floor")],
)
def test_a_rule_blocks_only_above_the_floor_at_its_lower_bound(right: int, wrong: int, standing: str) -> None:
    assert standing_of("critical", proportion(right, right + wrong), FLOOR) == standing


def test_a_rule_of_lesser_severity_never_blocks_however_right_it_is() -> None:
    assert standing_of("medium", proportion(1000, 1000), FLOOR) == "informs"


def test_progress_names_each_bench_and_ends_at_1() -> None:
    told: list[tuple[float, str]] = []
    second = bench(cases_of("c"), all_seeing, name="second")
    first = bench(cases_of("a"), all_seeing, name="first")
    assess(1, lambda done, words: told.append((done, words)), benches=(first, second), rules=RULES)
    assert told == [(0.0, "first"), (0.5, "second"), (1.0, "scored")]


def test_the_seed_and_sizes_reach_every_bench() -> None:
    drawn: list[tuple[float, Sizes]] = []

    def exam(source: object, sizes: Sizes) -> Exam:
        drawn.append((source.random(), sizes))  # type: ignore[attr-defined] # it is a Random
        return Exam(cases=cases_of("a"), look=frozenset)

    sizes = Sizes(source=1, target=2, slow=3)
    watcher = msgspec.structs.replace(PERFECT, exam=exam)
    for seed in (1, 1, 2):
        assess(seed, lambda done, words: None, benches=(watcher,), rules=RULES, sizes=sizes)
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0][1] == sizes


def test_rules_without_cases_are_told_with_their_reason() -> None:
    (one,) = assessed(PERFECT).unassessed
    assert (one.rule, one.severity) == ("secrets.unknown", "high")
    assert one.reason == UNASSESSED["secrets.unknown"]


def test_a_rule_of_that_list_that_does_have_cases_is_not_told_twice() -> None:
    assert assessed(bench(cases_of("secrets.unknown"), all_seeing)).unassessed == ()


def test_a_case_for_a_rule_that_no_file_has_is_an_error() -> None:
    with pytest.raises(KeyError, match="invented"):
        assessed(bench((Case(rule="invented", place="x", defect=True),), all_seeing))


def test_the_json_tells_the_whole_and_reads_back() -> None:
    result = assessed(PERFECT, bench((), all_seeing, name="empty"))
    assert msgspec.json.decode(as_json(result), type=Assessment) == result
    assert result.cases == 72
