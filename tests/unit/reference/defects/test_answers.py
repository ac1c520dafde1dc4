"""Defects that spoil answers."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from battery.reference.app import build_app
from battery.reference.defects.degrading import Degrading, delay_at
from battery.reference.store.database import Database

Ask = Callable[..., list[httpx.Response]]


@pytest.fixture
def ask(database: Database, runner: asyncio.Runner) -> Ask:
    """Sends requests to one service with defects."""

    async def send(paths: list[str], defects: tuple[str, ...]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=build_app(database, defects=defects))
        async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
            return [await client.get(path) for path in paths]

    return lambda paths, *defects: runner.run(send(paths, defects))


def test_exactly_one_request_in_a_hundred_fails(ask: Ask) -> None:
    answers = ask(["/api/echo"] * 300, "errors")
    failed = [number for number, answer in enumerate(answers) if answer.status_code == 500]
    assert failed == [49, 149, 249]
    assert answers[49].headers["content-type"] == "application/problem+json"
    assert answers[49].headers["x-request-id"] == answers[49].json()["request_id"]


def test_a_failed_request_is_counted_as_one_on_its_route(ask: Ask) -> None:
    answers = ask([*["/api/echo"] * 60, "/metrics"], "errors")
    assert 'http_requests_total{method="GET",route="/api/echo",status="500"} 1' in answers[-1].text
    assert 'http_requests_total{method="GET",route="/api/echo",status="200"} 59' in answers[-1].text


def test_probes_and_scrapes_neither_fail_nor_count(ask: Ask) -> None:
    answers = ask(["/api/health/live", "/metrics", "/api/echo"] * 50, "errors")
    failed = [number for number, answer in enumerate(answers) if answer.status_code == 500]
    assert failed == [149]


def test_without_the_defect_nothing_fails(ask: Ask) -> None:
    assert {answer.status_code for answer in ask(["/api/echo"] * 100)} == {200}


def test_the_delay_grows_by_a_hundredth_of_its_base_each_second() -> None:
    assert delay_at(0) == 0.02
    assert delay_at(1) == pytest.approx(0.0202)
    assert delay_at(100) == pytest.approx(0.04)


def test_a_degrading_service_waits_for_each_request_and_for_nothing_else(runner: asyncio.Runner) -> None:
    seen: list[tuple[str, float]] = []
    now = 0.0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((scope["type"], asyncio.get_running_loop().time()))

    async def serve() -> float:
        nonlocal now
        degrading: Any = Degrading(app, lambda: now)
        now = 100.0
        started = asyncio.get_running_loop().time()
        await degrading({"type": "lifespan"}, None, None)
        await degrading({"type": "http"}, None, None)
        return started

    started = runner.run(serve())
    assert [kind for kind, _ in seen] == ["lifespan", "http"]
    assert seen[1][1] - started >= 0.039


def test_every_answer_of_a_degrading_service_takes_its_base_time(ask: Ask) -> None:
    [answer] = ask(["/api/echo"], "degrading")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.019
