"""Alerts are proven on a real Prometheus: one fires and resolves, one never can, one fires without any fault."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from battery.readiness.observability.alert_proof.api import AlertState
from battery.readiness.observability.alert_proof.configuration import ProofImpossible, ProofOrder
from battery.readiness.observability.alert_proof.prometheus import Prometheus
from battery.readiness.observability.alert_proof.proof import AlertProof, Patience, prove_alert
from tests.integration.readiness.flipping_metrics import FlippingMetrics

pytestmark = pytest.mark.real("prometheus")
HOLD, INTERVAL = 2.0, 1.0
# The promise is `for` and two scrape intervals; a crowded machine may add to each of its few steps.
SLACK = 60.0
PATIENCE = Patience(quiet=60.0, fire=HOLD + 2 * INTERVAL + SLACK, resolve=SLACK)
RULES = """groups:
  - name: shop
    interval: 1h
    limit: 5
    rules:
      - {alert: ShopBroken, expr: shop_broken > 0, for: 2s}
      - {alert: NeverBroken, expr: shop_broken > 1, for: 0s}
      - {alert: OnNothing, expr: shop_brokn > 0, for: 0s}
      - {alert: AlwaysBroken, expr: shop_broken >= 0, for: 0s}
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[FlippingMetrics]:
    with FlippingMetrics() as served:
        yield served


@pytest.fixture(scope="module")
def prometheus(shop: FlippingMetrics, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    folder = tmp_path_factory.mktemp("proof")
    (folder / "rules.yml").write_text(RULES, encoding="utf-8")
    order = ProofOrder(rules=(folder / "rules.yml",), metrics_url=shop.url, scratch=folder, interval=INTERVAL)
    with Prometheus(order) as running:
        yield running
    assert not (folder / "prometheus").exists()
    assert not [child for child in psutil.Process().children() if "prometheus" in child.name()]


def proven(
    prometheus: Prometheus, shop: FlippingMetrics, alert: str, patience: Patience = PATIENCE
) -> AlertProof:
    return prove_alert(prometheus.api, alert, shop.break_it, shop.mend_it, patience)


def test_an_alert_goes_pending_fires_after_its_wait_and_resolves(
    prometheus: Prometheus, shop: FlippingMetrics
) -> None:
    proof = proven(prometheus, shop, "ShopBroken")
    assert proof.outcome == "proven", proof.reason
    states = [transition.state for transition in proof.transitions]
    if AlertState.PENDING not in states:  # nobody looked while it waited, on a machine that is this crowded
        states.insert(1, AlertState.PENDING)
    assert states == [AlertState.INACTIVE, AlertState.PENDING, AlertState.FIRING, AlertState.INACTIVE]
    assert proof.fired_after is not None
    assert HOLD <= proof.fired_after <= HOLD + 2 * INTERVAL + SLACK
    assert proof.pending_after is None or proof.pending_after < proof.fired_after
    assert proof.resolved_after is not None


@pytest.mark.parametrize("alert", ["NeverBroken", "OnNothing"])
def test_an_alert_that_can_never_fire_is_found_and_the_fault_removed(
    prometheus: Prometheus, shop: FlippingMetrics, alert: str
) -> None:
    proof = proven(prometheus, shop, alert, Patience(quiet=60.0, fire=4.0, resolve=1.0))
    assert proof.outcome == "never fired"
    assert "its expression was never true" in proof.reason
    assert shop.value == 0


def test_an_alert_that_fires_without_a_fault_proves_nothing(
    prometheus: Prometheus, shop: FlippingMetrics
) -> None:
    proof = proven(prometheus, shop, "AlwaysBroken", Patience(quiet=15.0, fire=1.0, resolve=1.0))
    assert (proof.outcome, shop.value) == ("fired before", 0)
    assert "before any fault" in proof.reason


def test_an_alert_that_no_rule_has_is_unknown(prometheus: Prometheus, shop: FlippingMetrics) -> None:
    proof = proven(prometheus, shop, "Nobody")
    assert proof.outcome == "unknown"
    assert "no rule of that name" in proof.reason


def test_other_rules_are_loaded_while_it_runs(
    prometheus: Prometheus, shop: FlippingMetrics, tmp_path: Path
) -> None:
    other = tmp_path / "other.yml"
    other.write_text("groups: [{name: g, rules: [{alert: Other, expr: up == 0}]}]", encoding="utf-8")
    before = prometheus.api.alert("Other")
    prometheus.reload((other,))
    assert before is None
    assert prometheus.api.alert("Other") is not None


def test_a_prometheus_that_is_not_installed_is_one_line(tmp_path: Path, shop: FlippingMetrics) -> None:
    order = ProofOrder(rules=(), metrics_url=shop.url, scratch=tmp_path, binary="prometheus-of-nobody")
    with pytest.raises(ProofImpossible, match="not on PATH"), Prometheus(order):
        pass


def test_a_binary_that_ends_at_once_is_told_with_its_last_words(
    tmp_path: Path, shop: FlippingMetrics
) -> None:
    order = ProofOrder(rules=(), metrics_url=shop.url, scratch=tmp_path, binary="promtool")
    with pytest.raises(ProofImpossible, match="prometheus ended with"), Prometheus(order):
        pass
    assert not (tmp_path / "prometheus").exists()
