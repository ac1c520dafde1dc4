"""The proof's judgement, against a server that tells the states of a script as Prometheus would."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from battery.readiness.observability.alert_proof.api import AlertState, PrometheusApi
from battery.readiness.observability.alert_proof.configuration import ProofImpossible
from battery.readiness.observability.alert_proof.proof import AlertProof, Patience, prove_alert

QUICK = Patience(quiet=60.0, fire=60.0, resolve=60.0, every=0.01)
SHORT = Patience(quiet=0.1, fire=0.1, resolve=0.1, every=0.01)


class ScriptedPrometheus:
    """Says what a Prometheus would say while the fault is there, and while it is not."""

    def __init__(self) -> None:
        self.broken = False
        self.during = ["pending", "pending", "firing"]
        self.at_rest = "inactive"
        self.health = "ok"
        self.error = ""
        self.target = {"health": "up"}
        self.status = 200
        self.seen = 0

    def answer(self, path: str) -> Any:
        """The data behind a path."""
        if path == "/api/v1/targets":
            return {"activeTargets": [self.target] if self.target else []}
        if path == "/api/v1/alerts":
            return {"alerts": [{"state": self.state(), "labels": {"alertname": "A"}}]}
        rule = {"type": "alerting", "name": "A", "state": "inactive", "health": self.health}
        rule["lastError"] = self.error
        return {"groups": [{"rules": [rule, {"type": "recording", "name": "A"}]}]}

    def state(self) -> str:
        """The next state of the script."""
        if not self.broken:
            return self.at_rest
        state = self.during[min(self.seen, len(self.during) - 1)]
        self.seen += 1
        return state

    def break_it(self) -> None:
        self.broken = True

    def mend_it(self) -> None:
        self.broken = False


@pytest.fixture
def script() -> ScriptedPrometheus:
    return ScriptedPrometheus()


@pytest.fixture
def api(script: ScriptedPrometheus) -> Iterator[PrometheusApi]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(script.status)
            self.end_headers()
            self.wfile.write(json.dumps({"data": script.answer(self.path)}).encode())

        do_POST = do_GET  # noqa: N815 -- the name is http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made = PrometheusApi(f"http://127.0.0.1:{server.server_address[1]}")
    yield made
    made.close()
    server.shutdown()
    thread.join()
    server.server_close()


def prove(api: PrometheusApi, script: ScriptedPrometheus, patience: Patience = QUICK) -> AlertProof:
    return prove_alert(api, "A", script.break_it, script.mend_it, patience)


def test_an_alert_that_fires_and_resolves_is_proven(api: PrometheusApi, script: ScriptedPrometheus) -> None:
    proof = prove(api, script)
    assert proof.outcome == "proven"
    assert [one.state for one in proof.transitions] == [
        AlertState.INACTIVE,
        AlertState.PENDING,
        AlertState.FIRING,
        AlertState.INACTIVE,
    ]
    assert proof.pending_after is not None
    assert proof.fired_after is not None
    assert 0 <= proof.pending_after <= proof.fired_after


def test_an_alert_that_stays_after_the_fault_never_resolved(
    api: PrometheusApi, script: ScriptedPrometheus
) -> None:
    proof = prove_alert(api, "A", script.break_it, lambda: None, SHORT_AFTER)
    assert proof.outcome == "never resolved"
    assert "still firing 0.1 s after" in proof.reason


SHORT_AFTER = Patience(quiet=60.0, fire=60.0, resolve=0.1, every=0.01)


@pytest.mark.parametrize(
    ("during", "error", "reason"),
    [
        (["inactive"], "", "its expression was never true"),
        (["pending", "inactive"], "", "went pending and did not stay so"),
        (["inactive"], "many-to-many matching", "many-to-many matching"),
    ],
)
def test_an_alert_that_never_fires_says_why_and_the_fault_is_removed(
    api: PrometheusApi, script: ScriptedPrometheus, during: list[str], error: str, reason: str
) -> None:
    script.during, script.error = during, error
    proof = prove(api, script, Patience(quiet=60.0, fire=0.2, resolve=0.1, every=0.01))
    assert proof.outcome == "never fired"
    assert reason in proof.reason
    assert not script.broken


def test_an_alert_that_is_there_before_the_fault_proves_nothing(
    api: PrometheusApi, script: ScriptedPrometheus
) -> None:
    script.at_rest = "firing"
    assert prove(api, script, SHORT).outcome == "fired before"
    assert script.seen == 0


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("health", "unknown", "it was not evaluated"),
        ("target", {"health": "down", "lastError": "connection refused"}, "connection refused"),
        ("target", {"health": "unknown"}, "no scrape yet"),
        ("target", {}, "no scrape yet"),
    ],
)
def test_without_an_evaluation_on_scraped_metrics_nothing_is_proven(
    api: PrometheusApi, script: ScriptedPrometheus, attribute: str, value: object, reason: str
) -> None:
    setattr(script, attribute, value)
    proof = prove(api, script, SHORT)
    assert proof.outcome == "unknown"
    assert reason in proof.reason
    assert not script.broken


def test_a_fault_is_removed_when_prometheus_stops_answering(
    api: PrometheusApi, script: ScriptedPrometheus
) -> None:
    def break_both() -> None:
        script.break_it()
        script.status = 503

    with pytest.raises(ProofImpossible, match="gave no answer"):
        prove_alert(api, "A", break_both, script.mend_it, QUICK)
    assert not script.broken


def test_a_reload_that_is_refused_or_not_heard_is_told(
    api: PrometheusApi, script: ScriptedPrometheus
) -> None:
    api.reload()
    script.status = 500
    with pytest.raises(ProofImpossible, match="refuses the rules"):
        api.reload()
    assert not api.is_ready()
    with pytest.raises(ProofImpossible, match="no answer to a reload"):
        PrometheusApi("http://127.0.0.1:1").reload()
    assert not PrometheusApi("http://127.0.0.1:1").is_ready()
