"""Objectives beside the rule files that shall hold their alerts."""

import msgspec

from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RuleFile
from battery.readiness.observability.slo.agreement import objective_flaws
from battery.readiness.observability.slo.objective import Objective
from battery.readiness.observability.slo.rule_groups import rules_yaml

ORDERS = Objective(
    name="orders",
    kind="availability",
    target=99.9,
    total="http_requests_total",
    errors='http_requests_total{code=~"5.."}',
    runbook_url="docs/orders.md",
)
SPEED = Objective(
    name="speed",
    kind="latency",
    target=99.0,
    histogram="http_request_duration_seconds",
    seconds=0.5,
    runbook_url="docs/speed.md",
)


def written(*objectives: Objective) -> RuleFile:
    return read_rules(rules_yaml(objectives).encode(), "slo.yml")


def test_rules_that_were_written_from_the_objectives_agree() -> None:
    assert list(objective_flaws([ORDERS, SPEED], [written(ORDERS), written(SPEED)])) == []


def test_an_objective_that_nobody_watches_misses_every_rule() -> None:
    flaws = list(objective_flaws([ORDERS, SPEED], [written(SPEED)]))
    assert {flaw.rule for flaw in flaws} == {"slo.missing"}
    assert {flaw.where for flaw in flaws} == {"orders"}
    assert len(flaws) == len(list(written(ORDERS).rules))


def test_rules_of_another_target_say_something_else() -> None:
    stricter = msgspec.structs.replace(ORDERS, target=99.99)
    flaws = list(objective_flaws([stricter], [written(ORDERS)]))
    assert {flaw.rule for flaw in flaws} == {"slo.different"}
    assert all("BudgetBurn" in flaw.text for flaw in flaws)


def test_another_wait_is_another_rule() -> None:
    text = rules_yaml([ORDERS]).replace("for: 15m", "for: 3h")
    [flaw] = objective_flaws([ORDERS], [read_rules(text.encode(), "slo.yml")])
    assert "OrdersBudgetBurn1d says something else" in flaw.text
