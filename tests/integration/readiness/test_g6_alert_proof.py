"""The alert proof as a check: a real Prometheus, a real process, its dependency cut by a real Toxiproxy."""

from pathlib import Path

import pytest

from battery.model.observability import AlertToProve
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import measures, note, run_g6, verdicts
from tests.integration.readiness.started_shop import started_shop

pytestmark = pytest.mark.real("prometheus")
CHECK = "alerts.proof"


def look(tmp_path: Path, alert: str, *lies: str, **given: str) -> Ran:
    wanted = AlertToProve(name=alert, dependency="pong")
    with started_shop(tmp_path, *lies, alert=wanted, **given) as definition:
        return run_g6(tmp_path, definition, CHECK)


def test_an_alert_that_fires_with_its_fault_and_resolves_without_it_is_proven(tmp_path: Path) -> None:
    ran = look(tmp_path, "DependencyDown")
    judged = verdicts(ran)
    assert judged["observability.alert.unproven"].status == "pass", ran.evidence[CHECK]
    assert measures(ran, CHECK)["alert.delay"] <= 60.0  # a crowded machine; the gate says 10 s
    assert "its for is 2 s" in note(ran, CHECK, "alert.delay")
    assert "after the fault was removed" in ran.evidence[CHECK].facts["resolved"]
    assert [proof.ok for proof in ran.evidence[CHECK].proofs] == [True]


def test_an_alert_that_can_never_fire_is_found(tmp_path: Path) -> None:
    ran = look(tmp_path, "NeverDown")
    assert verdicts(ran)["observability.alert.unproven"].status == "fail"
    assert "never fired: " in note(ran, CHECK, "alert.unproven")
    assert "alert.delay" not in measures(ran, CHECK)


def test_an_alert_that_fires_without_a_fault_is_found(tmp_path: Path) -> None:
    ran = look(tmp_path, "AlwaysThere")
    assert verdicts(ran)["observability.alert.unproven"].status == "fail"
    assert "fired before: " in note(ran, CHECK, "alert.unproven")


@pytest.mark.parametrize(
    ("alert", "given", "says"),
    [
        ("Nobody", {}, "is no alert of the rule files; there is AlwaysThere, DependencyDown, NeverDown"),
        ("DependencyDown", {"prometheus": "prometheus-of-nobody"}, "is not on PATH"),
    ],
)
def test_what_cannot_be_proven_is_undecided_with_the_reason(
    tmp_path: Path, alert: str, given: dict[str, str], says: str
) -> None:
    ran = look(tmp_path, alert, **given)
    assert says in ran.evidence[CHECK].reason
    assert verdicts(ran)["observability.alert.unproven"].status == "undecided"
