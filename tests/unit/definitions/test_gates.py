"""Gates: shipped ones, the user's own over them."""

from pathlib import Path

import pytest

from battery.definitions.gates import load_gates, load_shipped, with_limits
from battery.definitions.shipped import shipped_folder, toml_files
from battery.errors import DefinitionError
from battery.model.definition import GateChoice

GATE = """
id = "{id}"
title = "mine"
why = "because"
instrument = "user"
[[rule]]
id = "mine"
measure = "{measure}"
operator = "<="
limit = 5
unit = "count"
why = "because"
next_step = "mend it"
"""
OWN_MEASURE = '[[measure]]\nname = "mine.things"\nunit = "count"\ntitle = "things"\n'


def gate(number: str = "G9", measure: str = "docs.links.dead", **replaced: str) -> str:
    text = GATE.format(id=number, measure=measure)
    for old, new in replaced.items():
        before = next(line for line in text.splitlines() if line.startswith(f"{old} = "))
        text = text.replace(before, f"{old} = {new}")
    return text


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "gates").mkdir()
    return tmp_path / "gates"


def problem_of(own: Path) -> str:
    with pytest.raises(DefinitionError) as caught:
        load_gates(GateChoice(folder="gates"), own.parent)
    return str(caught.value).removeprefix(f"{own}")


def test_every_shipped_gate_loads_with_its_files() -> None:
    shipped = load_shipped()
    assert [found.id for found in shipped.gates] == [f"G{number}" for number in range(1, 9)]
    assert [level.id for level in shipped.levels] == ["gold", "silver", "bronze"]
    assert len(shipped.files) == 10
    assert {file.name for file in shipped.files} >= {"gates/levels.toml", "gates/measures.toml"}
    judged = {rule.measure for found in shipped.gates for rule in found.rule}
    declared = {measure.name for measure in shipped.measures}
    assert judged <= declared
    # What no shipped rule judges is judged only where battery.toml asks for it, or is told and no more.
    assert {name.partition(".")[0] for name in declared - judged} <= {
        "backup",
        "bootstrap",
        "capabilities",
        "coverage",
    }


def test_without_a_choice_nothing_is_changed() -> None:
    assert load_gates(GateChoice(), Path()).changes == ()


def test_an_own_gate_stands_beside_the_shipped_ones_in_natural_order(own: Path) -> None:
    (own / "mine.toml").write_text(gate("G10"))
    (own / "other.toml").write_text(gate("G9", measure="mine.things"))
    (own / "measures.toml").write_text(OWN_MEASURE)
    loaded = load_gates(GateChoice(folder="gates"), own.parent)
    assert [found.id for found in loaded.gates][-3:] == ["G8", "G9", "G10"]
    assert [(change.rule, change.loosened) for change in loaded.changes] == [
        ("G10:mine", False),
        ("G9:mine", False),
    ]
    assert loaded.measures[-1].name == "mine.things"
    assert [file.name for file in loaded.files if not file.shipped] == [
        "gates/measures.toml",
        "gates/mine.toml",
        "gates/other.toml",
    ]


def test_a_shipped_gate_that_is_replaced_by_a_thinner_one_is_named_as_loosened(own: Path) -> None:
    (own / "mine.toml").write_text(gate("G1"))
    changes = load_gates(GateChoice(folder="gates"), own.parent).changes
    assert {(change.rule, change.loosened) for change in changes} == {
        ("G1:coverage.line", True),
        ("G1:coverage.branch", True),
        ("G1:coverage.files", True),
        ("G1:mine", False),
    }


def test_measures_alone_are_enough_for_checks_of_ones_own(own: Path) -> None:
    (own / "measures.toml").write_text(OWN_MEASURE)
    assert load_gates(GateChoice(folder="gates"), own.parent).changes == ()


def test_two_gates_with_one_id_are_refused(own: Path) -> None:
    (own / "a.toml").write_text(gate())
    (own / "b.toml").write_text(gate())
    assert problem_of(own) == '/b.toml: id: "G9" is defined in a.toml too'


def test_an_unknown_measure_is_refused_with_a_suggestion(own: Path) -> None:
    (own / "a.toml").write_text(gate(measure="docs.link.dead"))
    expected = 'unknown measure "docs.link.dead" (did you mean "docs.links.dead"?)'
    assert problem_of(own) == f"/a.toml: rule[0].measure: {expected}"
    (own / "a.toml").write_text(gate(measure="zzz.qqq"))
    assert problem_of(own).endswith(
        'unknown measure "zzz.qqq" (declare it in a measures.toml beside the gate)'
    )


def test_a_wrong_unit_is_refused(own: Path) -> None:
    (own / "a.toml").write_text(gate(unit='"ms"'))
    assert problem_of(own) == (
        '/a.toml: rule[0].unit: wrong unit "ms"; expected "count", in which docs.links.dead is measured'
    )


def test_levels_of_ones_own_are_refused(own: Path) -> None:
    (own / "levels.toml").write_text("")
    assert (
        problem_of(own)
        == "/levels.toml: levels cannot be changed: gold must mean the same everywhere (remove it)"
    )
    (own / "levels.toml").unlink()
    (own / "levels.toml").symlink_to("nowhere")
    assert "levels cannot be changed" in problem_of(own)


def test_a_shipped_measure_cannot_be_declared_anew(own: Path) -> None:
    (own / "measures.toml").write_text(OWN_MEASURE.replace("mine.things", "load.p1.p99"))
    assert problem_of(own).startswith(
        '/measures.toml: measure[0].name: "load.p1.p99" is one of the battery\'s own'
    )
    (own / "measures.toml").write_text(OWN_MEASURE * 2)
    assert problem_of(own) == '/measures.toml: measure[1].name: "mine.things" stands here already'


def test_an_empty_or_absent_folder_is_refused(own: Path) -> None:
    assert problem_of(own) == ": holds no .toml file (an empty folder defines nothing)"
    own.rmdir()
    assert problem_of(own) == ": no such folder"
    own.write_text("")
    assert problem_of(own) == ": no such folder"


@pytest.mark.parametrize("folder", ["x" * 300, "a/../../../nowhere"])
def test_a_folder_that_cannot_be_is_refused(folder: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError):
        load_gates(GateChoice(folder=folder), tmp_path)


def test_a_folder_in_the_place_of_a_file_is_refused(own: Path) -> None:
    (own / "a.toml").mkdir()
    assert problem_of(own) == "/a.toml: is a folder, expected a TOML file"


@pytest.mark.parametrize(
    ("replaced", "message"),
    [
        ({"limit": "nan"}, "limit: nan count is impossible; expected a finite number of at least 0"),
        ({"limit": "inf"}, "limit: inf count is impossible"),
        ({"limit": "-1"}, "limit: -1 count is impossible"),
        ({"limit": "101", "unit": '"%"'}, "limit: 101 % is impossible; expected a number from 0 to 100"),
        ({"limit": "0.5", "unit": '"bool"'}, "limit: 0.5 bool is impossible; expected 0 or 1"),
        ({"limit": "nan", "unit": '"ratio"'}, "limit: nan ratio is impossible; expected a finite number"),
        ({"operator": '"=>"'}, 'operator: "=>" is not allowed; expected one of "<", "<=", "==", ">", ">="'),
        ({"next_step": '" "'}, "next_step: is empty; whoever meets a failure reads it"),
        ({"limit": '5\nbound = "lower"'}, 'bound: "lower" lets luck pass a rule of <='),
        ({"limit": '5\ncounts = "high"\nbound = "upper"'}, 'counts: needs unit "count"'),
        ({"limit": '5\ncounts = "high"', "operator": '">="'}, 'counts: needs unit "count"'),
        (
            {"limit": "5\nsamples = -1"},
            "samples: -1 is not allowed; expected a whole number from 0 to 1000000000",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_key(
    own: Path, replaced: dict[str, str], message: str
) -> None:
    (own / "a.toml").write_text(gate(**replaced))
    assert f"/a.toml: rule[0].{message}" in problem_of(own)


def test_two_rules_with_one_id_are_refused(own: Path) -> None:
    text = gate()
    (own / "a.toml").write_text(text + text[text.index("[[rule]]") :])
    assert problem_of(own) == '/a.toml: rule[1].id: two rules have the id "mine"'


def test_a_limit_for_an_unknown_rule_is_refused_with_a_suggestion() -> None:
    gates = load_shipped().gates
    with pytest.raises(DefinitionError) as caught:
        with_limits(gates, {"G1:coverage.lines": 5})
    assert str(caught.value) == (
        'battery.toml: gates.limit."G1:coverage.lines": no such rule (did you mean "G1:coverage.line"?)'
    )
    with pytest.raises(DefinitionError) as caught:
        with_limits(gates, {"zzz\n": 5})
    assert str(caught.value).endswith('"zzz\\n": no such rule (name a rule as in "G1:coverage.line")')


def test_an_impossible_limit_names_the_file_it_stands_in() -> None:
    with pytest.raises(DefinitionError) as caught:
        load_gates(GateChoice(limit={"G1:coverage.line": 101}), Path(), "mine.toml")
    assert str(caught.value) == (
        'mine.toml: gates.limit."G1:coverage.line": 101 % is impossible; expected a number from 0 to 100'
    )


def test_a_limit_changes_its_rule_and_no_other() -> None:
    gates = load_gates(GateChoice(limit={"G5:security.findings.high": 2}), Path())
    (change,) = gates.changes
    assert (change.rule, change.loosened) == ("G5:security.findings.high", True)
    assert "<= 2" in change.used


def test_what_is_shipped_is_found_or_missed_by_name() -> None:
    assert len(toml_files(shipped_folder("profiles"))) == 5
    with pytest.raises(DefinitionError, match="lacks its nothing folder"):
        shipped_folder("nothing")
