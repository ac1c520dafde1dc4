"""The service's metrics before the battery's own judges."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from battery.readiness.capabilities.telemetry import OWN_METRICS, own_metrics
from battery.readiness.observability.metrics.cardinality import cardinality_of
from battery.readiness.observability.metrics.examination import metric_flaws
from battery.readiness.observability.metrics.exposition import Exposition, ExpositionUnreadable
from battery.readiness.observability.metrics.reading import read_exposition
from battery.readiness.observability.metrics.red import red_of
from battery.readiness.observability.metrics.truth import SentLoad, truth_of
from battery.reference.app import build_app
from battery.reference.dependency.address import Address
from battery.reference.dependency.opening import open_link
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
OPEN = {"accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
PATHS = ("/api/echo", "/api/orders/1", "/nowhere", "/api/report", "/api/jobs/1")


def _scrape(call: Call, headers: dict[str, str] | None = None) -> Exposition:
    answer = call("GET", "/metrics", headers=headers or {})
    return read_exposition(answer.content, answer.headers["content-type"])


@pytest.mark.parametrize(("headers", "format_"), [({}, "Prometheus text"), (OPEN, "OpenMetrics")])
def test_nothing_is_wrong_with_a_scrape_in_either_format(
    call: Call, headers: dict[str, str], format_: str
) -> None:
    for path in PATHS:
        call("GET", path)
    exposition = _scrape(call, headers)
    assert exposition.format == format_
    assert metric_flaws(exposition) == ()
    assert red_of(exposition).missing == ()
    assert all(family.help and family.typed for family in exposition.families)
    assert cardinality_of(exposition).series < 400


def test_both_formats_tell_the_same_metrics(call: Call) -> None:
    classic, opened = _scrape(call), _scrape(call, OPEN)
    assert {_base(family.name) for family in classic.families} == {
        _base(family.name) for family in opened.families
    }


def test_it_has_more_metrics_of_its_own_than_the_capability_asks_for(
    database: Database, runner: asyncio.Runner
) -> None:
    link = open_link(Address("127.0.0.1", 1))
    alone = _own(_scrape(_caller(build_app(database), runner)))
    linked = _own(_scrape(_caller(build_app(database, link), runner)))
    assert OWN_METRICS + 10 < alone < linked


@pytest.mark.parametrize("requests", [1, 999])
def test_counter_and_histogram_agree_with_what_was_sent(
    database: Database, runner: asyncio.Runner, requests: int
) -> None:
    call = _caller(build_app(database), runner)
    before = _scrape(call)
    for number in range(requests):
        call("GET", PATHS[number % len(PATHS)])
    load = SentLoad(sent=requests, ok=requests, failed=0, latencies=requests, beside=1)
    truth = truth_of(before, _scrape(call), load)
    assert truth.worst == 0


@pytest.mark.parametrize(
    ("defect", "least", "most"), [("metrics_miss", 1.0, 3.0), ("metrics_frozen", 100.0, 100.0)]
)
def test_the_defects_of_counting_are_seen_by_the_truth_test(
    database: Database, runner: asyncio.Runner, defect: str, least: float, most: float
) -> None:
    call = _caller(build_app(database, defects={defect}), runner)
    call("GET", "/api/echo")
    before = _scrape(call)
    for _ in range(500):
        call("GET", "/api/echo")
    load = SentLoad(sent=500, ok=500, failed=0, latencies=500)
    counter, histogram = (
        f'{name}{{route="/api/echo"}}' for name in ("http_requests_total", "http_request_duration_seconds")
    )
    after = _scrape(call)
    assert metric_flaws(after) == ()
    percent = truth_of(before, after, load, counter=counter, histogram=histogram).worst
    assert percent is not None
    assert least <= percent <= most


def test_a_malformed_scrape_is_seen_in_either_format(database: Database, runner: asyncio.Runner) -> None:
    call = _caller(build_app(database, defects={"metrics_malformed"}), runner)
    flaws = metric_flaws(_scrape(call))
    assert {flaw.rule for flaw in flaws if flaw.weight == "error"} == {"metrics.histogram"}
    # OpenMetrics' own parser does not even read it.
    with pytest.raises(ExpositionUnreadable, match="out of order"):
        _scrape(call, OPEN)


def _own(exposition: Exposition) -> int:
    return own_metrics(tuple(family.name for family in exposition.families))


def _base(name: str) -> str:
    return name.removesuffix("_total")


def _caller(app: Any, runner: asyncio.Runner) -> Call:
    async def send(method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as client:
            return await client.request(method, path, **options)

    return lambda method, path, **options: runner.run(send(method, path, options))
