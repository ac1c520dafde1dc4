"""The reference project's rules and dashboards beside the live service, promtool, and a real Prometheus."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from battery.readiness.observability.alert_proof.configuration import ProofOrder
from battery.readiness.observability.alert_proof.prometheus import Prometheus
from battery.readiness.observability.alert_proof.proof import Patience, prove_alert
from battery.readiness.observability.dashboards.examination import live_dashboard_flaws
from battery.readiness.observability.dashboards.reading import read_dashboard
from battery.readiness.observability.flaw import errors
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.metrics.reading import read_exposition
from battery.readiness.observability.rules.live import live_flaws
from battery.readiness.observability.rules.promtool import ask_promtool
from battery.readiness.observability.rules.reading import read_rules
from battery.reference.defects.source_defects import SOURCE as PROJECT
from battery.reference.demo import ReferenceTarget
from battery.reference.demo_dependency import ReferenceDependency
from tests.fakes.reference_proxy import Proxy

RULES = (PROJECT / "alerts" / "service.yml", PROJECT / "alerts" / "slo.yml")
# The alert waits five seconds; a crowded machine may add to each of its few steps.
PATIENCE = Patience(quiet=90.0, fire=90.0, resolve=90.0)


@pytest.fixture
def proxy(dependency: ReferenceDependency) -> Iterator[Proxy]:
    with Proxy(dependency.port) as proxy:
        yield proxy


@pytest.fixture
def target(tmp_path: Path, proxy: Proxy) -> Iterator[ReferenceTarget]:
    environment = {"DEPENDENCY_ADDRESS": proxy.address}
    with ReferenceTarget(tmp_path / "target", supervised=True, environment=environment) as target:
        yield target


@pytest.fixture
def exposition(client: httpx.Client) -> Exposition:
    """What a service shows that has answered some requests, one of them with a failure."""
    for path in ("/api/orders", "/api/report", "/api/quote?item=bolt", "/nowhere"):
        client.get(path)
    answer = client.get("/metrics")
    return read_exposition(answer.content, answer.headers["content-type"])


def test_every_series_that_a_rule_or_a_panel_names_is_there(exposition: Exposition) -> None:
    files = [read_rules(path.read_bytes(), path.name) for path in RULES]
    assert errors(live_flaws(files, exposition)) == ()
    # Only failures, which a healthy service has had none of, are announced and not there.
    unset = {flaw.text.partition("{")[0] for flaw in live_flaws(files, exposition)}
    assert unset <= {"http_request_errors_total"}
    for path in (PROJECT / "dashboards").glob("*.json"):
        dashboard = read_dashboard(path.read_bytes(), path.name)
        assert errors(live_dashboard_flaws(dashboard, exposition)) == ()
    assert len(exposition.families) >= 20


@pytest.mark.real("promtool")
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_promtool_loads_the_rules(path: Path) -> None:
    opinion = ask_promtool(path)
    assert opinion.accepted, opinion.said


@pytest.mark.real("prometheus")
def test_the_loss_of_the_dependency_fires_its_alert_and_resolves_it(
    target: ReferenceTarget, proxy: Proxy, tmp_path: Path
) -> None:
    order = ProofOrder(rules=RULES, metrics_url=f"{target.url}/metrics", scratch=tmp_path / "proof")

    def ask() -> None:
        proxy.cut()
        for _ in range(10):
            httpx.get(f"{target.url}/api/quote?item=bolt", timeout=30)

    with Prometheus(order) as prometheus:
        proof = prove_alert(prometheus.api, "ReferenceDependencyDown", ask, proxy.mend, PATIENCE)
    assert proof.outcome == "proven", proof.reason
    assert proof.fired_after is not None
    assert proof.fired_after >= 5.0
