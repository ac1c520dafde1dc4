"""Health and asking: what works is seen to work, and each thing taken away is missed."""

from pathlib import Path

import httpx
import pytest

from battery.model.capabilities import (
    Call,
    HealthShown,
    Told,
)
from battery.model.definition import Definition
from battery.model.target import Target
from battery.readiness.capabilities.capability import Status
from battery.readiness.capabilities.health import health
from battery.readiness.capabilities.probes.answer import Answer
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.health import probe_health
from tests.fakes.targets import unused_url
from tests.unit.readiness.capabilities.bench import TARGET, bench, details

HEALTH = HealthShown(
    cpu=details("cpu"), memory=details("memory"), disk=details("disk"), modules=details("modules")
)


def test_a_service_that_tells_how_it_is_is_complete(tmp_path: Path) -> None:
    with bench(tmp_path) as on:
        facts = probe_health(on.asker, TARGET, HEALTH, True)
    assert health(facts).status is Status.COMPLETE, facts


def test_a_catch_all_tells_nothing(tmp_path: Path) -> None:
    with bench(tmp_path, "catch-all") as on:
        facts = probe_health(on.asker, TARGET, HEALTH, True)
    assert facts.control_refused is False
    assert health(facts).status is not Status.COMPLETE


def test_what_is_not_named_is_unknown_and_what_is_not_there_is_not_told(tmp_path: Path) -> None:
    with bench(tmp_path) as on:
        facts = probe_health(on.asker, Target(live="/gone"), HealthShown(cpu=details("gpu")), None)
    assert (facts.live, facts.ready, facts.metrics, facts.cpu, facts.disk) == (False, None, None, False, None)


def test_a_silent_target_is_told_apart_from_one_that_refuses() -> None:
    with httpx.Client(base_url=unused_url()) as http:
        asker = Asker(http, Definition(target=Target(metrics="/metrics")), {})
        facts = probe_health(asker, Target(live="/live", metrics="/metrics"), HEALTH, None)
    assert (facts.live, facts.control_refused, facts.metrics, facts.cpu) == (False, None, False, False)


def test_values_come_from_json_and_from_metrics(tmp_path: Path) -> None:
    with bench(tmp_path) as on:
        assert on.asker.value(Told(metric="shop_7_total")) == 7
        assert on.asker.value(Told(metric="gone")) is None
        assert on.asker.value(details("modules.0")) == "store"
        assert on.asker.value(details("modules.1")) is None
        assert on.asker.number(details("level")) is None
        assert on.asker.number(None) is None


def test_an_anonymous_call_carries_its_own_headers_alone(tmp_path: Path) -> None:
    with bench(tmp_path) as on:
        named = on.asker.ask(Call(path="/live"))
        nobody = on.asker.ask(Call(path="/live", anonymous=True))
        other = on.asker.ask(
            Call(path="/live", anonymous=True, headers={"X-User": "env:OTHER"}, method="POST")
        )
    assert (named.at("user"), nobody.at("user"), other.at("user")) == ("alice", "", "mallory")
    assert other.at("method") == "POST"


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff", b'{"a": {"b": 1}}'])
def test_a_path_into_any_body_finds_something_or_nothing(body: bytes) -> None:
    answer = Answer(status=200, body=body)
    assert answer.at("a.b") == (1 if b"b" in body else None)
