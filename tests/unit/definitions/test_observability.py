"""The [observability] table, and what it calls not applicable."""

from collections.abc import Mapping

import pytest

from battery.definitions.battery_toml import check_definition
from battery.definitions.decoding import decode
from battery.definitions.gates import load_shipped
from battery.definitions.not_applicable import without_parts
from battery.errors import DefinitionError
from battery.model.definition import Definition
from battery.model.observability import SCOPES, ObservabilityPart, part_of
from battery.planning import make_plan
from battery.runner.collection import collect_checks
from tests.fakes.checks import PROFILES
from tests.fakes.plans import a_request

DEPENDENCY = {"name": "db", "upstream": "127.0.0.1:5432"}
SHIPPED = load_shipped()


def checked(table: Mapping[str, object], **others: object) -> Definition:
    data = {"observability": table, "dependency": [DEPENDENCY], "endpoint": [{"name": "a", "path": "/a"}]}
    definition = decode({**data, **others}, Definition, "battery.toml")
    check_definition(definition, "battery.toml")
    return definition


def test_a_whole_table_is_read() -> None:
    table = {
        "rules": ["alerts"],
        "dashboards": ["dashboards/*.json"],
        "objectives": ["objectives.toml"],
        "logs": ["app.log"],
        "ready_needs": ["db"],
        "truth": {"counter": "x_total", "endpoints": ["a"]},
        "alert": {"name": "Down", "dependency": "db", "endpoint": "a"},
        "tracing": {"header": "X-B3-TraceId"},
        "not_applicable": {"truth": "counted by the proxy"},
    }
    assert checked(table).observability.alert is not None


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"ready_needs": ["cache"]}, "observability.ready_needs.*cache.*there is db"),
        ({"truth": {"endpoints": ["b"]}}, "observability.truth.endpoints.*there is a"),
        ({"alert": {"name": "A", "dependency": "x"}}, "observability.alert.dependency"),
        ({"alert": {"name": "A", "dependency": "db", "endpoint": "x"}}, "observability.alert.endpoint"),
        ({"rules": ["a"], "not_applicable": {"alerts": "none"}}, "not_applicable.alerts.*gives rules"),
        ({"logs": ["a"], "not_applicable": {"logs": "none"}}, "not_applicable.logs.*gives logs"),
        ({"not_applicable": {"dashboards": ""}}, "not_applicable"),
        ({"not_applicable": {"dashboard": "x"}}, "battery.toml"),
        ({"rulez": []}, "rulez"),
        ({"tracing": {"header": "a b"}}, "header"),
        ({"rules": [""]}, "rules"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_key(table: Mapping[str, object], says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        checked(table)


def test_a_dependency_that_is_a_file_cannot_be_cut() -> None:
    file = {"name": "db", "kind": "sqlite", "file": "a.sqlite3"}
    with pytest.raises(DefinitionError, match="dependency with an upstream; there is none"):
        checked({"ready_needs": ["db"]}, dependency=[file])


def test_every_part_has_its_check_and_its_rules() -> None:
    checks = {check.id: check for check in collect_checks([], PROFILES)}
    [gate] = [gate for gate in SHIPPED.gates if gate.id == "G6"]
    judged = {rule.measure for rule in gate.rule}
    for part, scope in SCOPES.items():
        assert checks[scope.check].measures == scope.measures, part
        assert set(scope.measures) <= judged, part
        assert part_of(scope.check) == part
    of_parts = {measure for scope in SCOPES.values() for measure in scope.measures}
    assert judged - of_parts == {"target.reachable"}
    assert part_of("chaos.pause") == ""


@pytest.mark.parametrize("part", SCOPES)
def test_a_part_that_does_not_apply_leaves_gate_and_plan_and_is_told(part: ObservabilityPart) -> None:
    gates = without_parts(SHIPPED, {part: "there is none"}, "battery.toml")
    gone = set(SCOPES[part].measures)
    assert {rule.measure for gate in gates.gates for rule in gate.rule}.isdisjoint(gone)
    assert [change.rule for change in gates.changes] == [f"G6:{measure}" for measure in SCOPES[part].measures]
    assert {change.used for change in gates.changes} == {"not applicable: there is none"}
    definition = checked({"not_applicable": {part: "there is none"}})
    plan = make_plan(a_request(definition=definition, checks=collect_checks([], PROFILES), profiles=PROFILES))
    planned = {check.id for check in plan.checks}
    assert SCOPES[part].check not in planned
    assert {scope.check for name, scope in SCOPES.items() if name != part} <= planned


def test_without_any_part_the_gate_still_asks_whether_the_target_answers() -> None:
    gates = without_parts(SHIPPED, dict.fromkeys(SCOPES, "no"), "battery.toml")
    [gate] = [gate for gate in gates.gates if gate.id == "G6"]
    assert [rule.id for rule in gate.rule] == ["target.reachable"]
