"""The dependency down, hanging, and back: fast failures, degraded answers, recovery by itself."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from battery.reference.demo import ReferenceTarget
from battery.reference.demo_dependency import ReferenceDependency
from battery.reference.dependency.breaker import THRESHOLD
from tests.fakes.reference_proxy import Proxy
from tests.integration.reference.waiting import metric, ready, until

QUOTE = "/api/quote?item=bolt&quantity=3"


@pytest.fixture
def proxy(dependency: ReferenceDependency) -> Iterator[Proxy]:
    with Proxy(dependency.port) as proxy:
        yield proxy


@pytest.fixture
def target(tmp_path: Path, proxy: Proxy) -> Iterator[ReferenceTarget]:
    environment = {"DEPENDENCY_ADDRESS": proxy.address}
    with ReferenceTarget(tmp_path / "target", environment=environment) as target:
        yield target


def _breaker(client: httpx.Client) -> str:
    state: str = client.get("/api/health/status").json()["state"]["breaker"]
    return state


def _level(client: httpx.Client) -> str:
    level: str = client.get("/api/health/status").json()["state"]["level"]
    return level


def _failing_quote(client: httpx.Client) -> httpx.Response:
    answer = client.get(QUOTE)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    return answer


def _has_recovered(client: httpx.Client) -> bool:
    return client.get(QUOTE).status_code == 200 and ready(str(client.base_url)) and _level(client) == "full"


def test_a_quote_comes_from_the_dependency(client: httpx.Client) -> None:
    before = metric(client, 'dependency_calls_total{result="answered"}')
    answer = client.get(QUOTE).json()
    assert answer["total_cents"] == 3 * answer["unit_price_cents"] > 0
    suggestions = client.get("/api/suggestions?item=bolt").json()
    assert (len(suggestions["items"]), suggestions["degraded"]) == (3, False)
    assert metric(client, 'dependency_calls_total{result="answered"}') == before + 2


def test_a_dependency_that_is_down_opens_the_breaker_and_is_left_in_peace(
    client: httpx.Client, proxy: Proxy
) -> None:
    proxy.cut()
    until(lambda: _failing_quote(client).status_code == 503 and _breaker(client) != "closed")
    assert metric(client, "breaker_opened_total") >= 1
    accepted = proxy.accepted
    for _ in range(50):
        _failing_quote(client)
    # One probe a second or so, however often it is asked for.
    assert proxy.accepted - accepted < 10
    assert metric(client, "breaker_refused_total") >= 40
    assert not ready(str(client.base_url))
    assert client.get("/api/health/live").status_code == 200
    assert client.get("/api/orders").status_code == 200
    suggestions = client.get("/api/suggestions?item=bolt")
    assert (suggestions.status_code, suggestions.json()["degraded"]) == (200, True)
    until(lambda: _level(client) == "reduced")
    proxy.mend()
    until(lambda: _has_recovered(client))
    assert client.get("/api/suggestions?item=bolt").json()["degraded"] is False


def test_the_breaker_opens_after_its_threshold_of_failures_in_a_row(
    client: httpx.Client, proxy: Proxy
) -> None:
    proxy.cut()
    for _ in range(THRESHOLD - 1):
        _failing_quote(client)
    assert _breaker(client) == "closed"
    _failing_quote(client)
    assert _breaker(client) != "closed"


def test_a_dependency_that_hangs_costs_its_time_limit_and_then_nothing(
    client: httpx.Client, proxy: Proxy
) -> None:
    proxy.hang()
    for _ in range(THRESHOLD):
        _failing_quote(client)
    assert _breaker(client) in ("open", "half_open")
    refused = metric(client, "breaker_refused_total")
    for _ in range(10):
        _failing_quote(client)
    # Few of them are the probe of a half-open breaker, which waits; the others did not.
    assert metric(client, "breaker_refused_total") >= refused + 5
    proxy.mend()
    until(lambda: _has_recovered(client))


def test_a_dependency_that_was_stopped_recovers_when_it_goes_on(
    client: httpx.Client, dependency: ReferenceDependency
) -> None:
    os.kill(dependency.pid, signal.SIGSTOP)
    try:
        until(lambda: not ready(str(client.base_url)))
    finally:
        os.kill(dependency.pid, signal.SIGCONT)
    until(lambda: _has_recovered(client))


def test_a_dependency_that_was_killed_and_started_again_is_found(
    client: httpx.Client, dependency: ReferenceDependency
) -> None:
    os.kill(dependency.pid, signal.SIGKILL)
    dependency.stop()
    until(lambda: not ready(str(client.base_url)))
    with ReferenceDependency(dependency.folder, port=dependency.port):
        until(lambda: _has_recovered(client))


def test_the_address_may_be_a_url_and_reaches_the_worker_of_a_supervisor(tmp_path: Path) -> None:
    with ReferenceDependency(tmp_path / "first") as first:
        port = first.port
    environment = {"DEPENDENCY_URL": f"tcp://127.0.0.1:{port}"}
    target = ReferenceTarget(tmp_path / "target", environment=environment, supervised=True)
    with ReferenceDependency(tmp_path / "second", port=port), target:
        assert httpx.get(f"{target.url}{QUOTE}").status_code == 200
