"""Quotes and suggestions."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from battery.reference.app import build_app
from battery.reference.dependency.address import Address
from battery.reference.dependency.breaker import THRESHOLD
from battery.reference.dependency.link import DependencyLink
from battery.reference.dependency.opening import open_link
from battery.reference.dependency.prices import companions_of, price_of
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
Ask = Callable[[DependencyLink, list[str]], list[httpx.Response]]


def test_a_quote_multiplies(call: Call) -> None:
    cents = price_of("bolt").cents
    answer = call("GET", "/api/quote?item=bolt&quantity=3").json()
    assert answer == {"item": "bolt", "quantity": 3, "unit_price_cents": cents, "total_cents": 3 * cents}


def test_suggestions_are_companions(call: Call) -> None:
    answer = call("GET", "/api/suggestions?item=bolt").json()
    assert answer == {"item": "bolt", "items": companions_of("bolt").items, "degraded": False}


@pytest.mark.parametrize("path", ["quote", "quote?item=", "quote?item=x&quantity=0", "suggestions"])
def test_what_makes_no_sense_is_refused(call: Call, path: str) -> None:
    assert call("GET", f"/api/{path}").status_code == 400


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Sends requests to a service with this link."""
    with closing(Database(tmp_path / "data")) as database, asyncio.Runner() as runner:

        async def send(link: DependencyLink, paths: list[str]) -> list[httpx.Response]:
            transport = httpx.ASGITransport(app=build_app(database, link))
            async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
                return [await client.get(path) for path in paths]

        yield lambda link, paths: runner.run(send(link, paths))


def test_without_its_dependency_a_quote_is_refused_and_suggestions_are_the_usual_ones(ask: Ask) -> None:
    nobody = open_link(Address("127.0.0.1", 1))
    quotes = ["/api/quote?item=bolt"] * (THRESHOLD + 2)
    rest = ["/api/suggestions?item=bolt", "/api/health/ready", "/api/health/status", "/metrics"]
    *refused, suggested, ready, status, metrics = ask(nobody, [*quotes, *rest])
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in refused} == {(503, "1")}
    assert suggested.json()["degraded"] is True
    assert (ready.status_code, ready.json()["failing"]) == (503, ["dependency"])
    assert (status.status_code, status.json()["state"]["breaker"]) == (200, "open")
    for line in (
        'breaker_state{state="open"} 1',
        'breaker_state{state="closed"} 0',
        "breaker_opened_total 1",
        "breaker_refused_total 3",
        f'dependency_calls_total{{result="failed"}} {THRESHOLD}',
        'pool_connections{pool="dependency",state="in_use"} 0',
    ):
        assert line in metrics.text.splitlines()
