"""The table: every rule, what it rests on, and no date; docs/scan-rules.md is such a table."""

import re
from pathlib import Path

from msgspec import structs

from battery.scan.assess.assessing import assess
from battery.scan.assess.assessment import Assessment
from battery.scan.assess.case import Sizes
from battery.scan.assess.table import header, rendered, write_table
from battery.scan.assess.unassessed import UNASSESSED
from battery.scan.rules import scan_rules
from tests.unit.scan.assess.benches import all_seeing, bench, cases_of, trigger_happy, without

DOCS = Path(__file__).parents[4] / "docs" / "scan-rules.md"
RULE, MILD = "code.B307", "code.B101"
PERFECT = bench((*cases_of(RULE, 12, 12), *cases_of(MILD, 2, 2)), all_seeing)


def assessed(inner: object = PERFECT) -> Assessment:
    return assess(3, lambda done, words: None, benches=(inner,))  # type: ignore[arg-type] # a bench


def line(text: str, rule: str) -> str:
    (found,) = [one for one in text.split("\n") if one.startswith(f"| `{rule}` |")]
    return found


def test_a_row_tells_counts_shares_with_bounds_and_standing() -> None:
    assert line(rendered(assessed()), RULE) == (
        "| `code.B307` | high | 12 of 12 | 0 of 12 | 100% (78%–100%) | 100% (78%–100%) | blocks |"
    )
    assert line(rendered(assessed()), MILD).endswith("| informs |")


def test_a_rule_below_the_floor_is_shown_as_not_blocking() -> None:
    assert line(rendered(assessed(trigger_happy(PERFECT, RULE))), RULE).endswith("| not blocking |")
    blind = line(rendered(assessed(without(PERFECT, RULE))), RULE)
    assert "| never fired | 0% (0%–22%) | not blocking |" in blind


def test_what_was_missed_and_mistaken_is_named_by_its_template() -> None:
    text = rendered(assessed(without(trigger_happy(PERFECT, MILD), RULE)))
    assert "- `code.B307` missed `` planted ``" in text
    assert "- `code.B101` mistaken `` near ``" in text
    assert "## What was missed" not in rendered(assessed())


def test_a_long_template_of_many_lines_is_one_short_line() -> None:
    long = "x = 1\n\n    y = 2\n" + "z" * 300
    cases = tuple(structs.replace(case, template=long) for case in cases_of(RULE, 1, 1))
    text = rendered(assessed(bench(cases, lambda case: ())))
    (shown,) = [one for one in text.split("\n") if "missed" in one and one.startswith("- ")]
    assert "`` x = 1 ⏎ y = 2 ⏎ zzz" in shown
    assert len(shown) < 220


def test_the_header_names_seed_and_sizes_and_no_date(tmp_path: Path) -> None:
    text = rendered(assessed())
    assert "Seed 3; cases of each kind for a rule: 40 source, 12 target, 6 slow." in text
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text.split("|")[0])


def test_the_same_assessment_writes_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "one.md", tmp_path / "two.md"
    write_table(assessed(), first)
    write_table(assessed(), second)
    assert first.read_bytes() == second.read_bytes()


def test_the_documentation_lists_every_rule_once_with_the_severity_that_it_has() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (\w+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    told = "docs/scan-rules.md: make it anew with `battery scan --self-assess --write docs/scan-rules.md`"
    assert len(rows) == len(dict(rows)), told
    assert dict(rows) == {rule.id: rule.severity for rule in scan_rules().values()}, told
    assert set(UNASSESSED) <= set(dict(rows))


def test_the_documentation_rests_on_a_named_seed_and_the_usual_sizes() -> None:
    assert f"Seed 1; cases of each kind for a rule: {Sizes()}." in DOCS.read_text(encoding="utf-8")
    assert "not blocking" not in DOCS.read_text(encoding="utf-8")


def test_a_rule_that_is_not_measured_says_so_and_why_and_that_it_blocks() -> None:
    text = rendered(assessed())
    for rule, reason in UNASSESSED.items():
        assert line(text, rule) == f"| `{rule}` | {scan_rules()[rule].severity} | not measured | {reason} |"
    assert "Those of severity critical or high block a release all the same" in text


def test_the_header_is_that_of_the_documentation() -> None:
    assert header(assessed()).startswith("Seed 3; ")
