"""Load that is refused at once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from battery.reference.app import build_app
from battery.reference.degradation.ladder import Ladder
from battery.reference.lifecycle import Lifecycle
from battery.reference.problems import Problem
from battery.reference.routes.report import report_routes
from battery.reference.shedding import Shedding
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]


def _scope(path: str = "/api/echo") -> Scope:
    return {"type": "http", "method": "GET", "path": path, "headers": []}


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _served(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


class _Sent:
    """What goes out."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)


def test_what_is_above_the_limit_is_refused_and_probes_are_not(runner: asyncio.Runner) -> None:
    async def serve() -> None:
        gate, served = asyncio.Event(), 0

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal served
            served += 1
            await gate.wait()

        shedding, sent = Shedding(app, limit=2), _Sent()
        first = [asyncio.create_task(shedding(_scope(), _nothing, sent)) for _ in range(2)]
        await asyncio.sleep(0)
        await shedding(_scope(), _nothing, sent)
        start = sent.messages[0]
        assert start["status"] == 503
        assert (b"retry-after", b"1") in start["headers"]
        probe = asyncio.create_task(shedding(_scope("/api/health/ready"), _nothing, sent))
        await asyncio.sleep(0)
        assert (served, shedding.in_flight, shedding.refused) == (3, 2, 1)
        gate.set()
        await asyncio.gather(*first, probe)
        assert shedding.in_flight == 0
        await shedding(_scope(), _nothing, sent)
        assert served == 4

    runner.run(serve())


def test_a_request_that_fails_leaves_its_place(runner: asyncio.Runner) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    shedding = Shedding(app, limit=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            runner.run(shedding(_scope(), _nothing, _Sent()))
    assert (shedding.in_flight, shedding.refused) == (0, 0)


def test_reports_are_switched_off_at_the_lowest_level_and_come_back(
    database: Database, runner: asyncio.Runner
) -> None:
    ladder, sent = Ladder(calm_readings=1), _Sent()
    [route] = report_routes(database, ladder)
    ladder.update(0)
    with pytest.raises(Problem) as refused:
        runner.run(_served(route.app, _scope("/api/report"), _nothing, sent))
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "2"})
    ladder.update(100)
    runner.run(_served(route.app, _scope("/api/report"), _nothing, sent))
    assert sent.messages[0]["status"] == 200


def test_on_its_way_out_the_service_is_not_ready_and_closes_its_connections(
    database: Database, runner: asyncio.Runner
) -> None:
    lifecycle = Lifecycle(restarts=3)

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=build_app(database, lifecycle=lifecycle))
        async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
            before = await client.get("/api/health/ready")
            lifecycle.drain()
            paths = ("ready", "live", "status", "details")
            return [before, *[await client.get(f"/api/health/{path}") for path in paths]]

    before, ready, live, status, details = runner.run(send())
    assert before.status_code == 200
    assert "connection" not in before.headers
    assert (ready.status_code, ready.json()["failing"]) == (503, ["lifecycle"])
    assert (live.status_code, live.headers["connection"]) == (200, "close")
    assert status.json()["state"]["restarts"] == details.json()["state"]["restarts"] == 3


def test_the_lifespan_looks_at_the_machine_while_the_service_runs(
    tmp_path: Path, database: Database, runner: asyncio.Runner
) -> None:
    async def live() -> list[str]:
        received, sent = asyncio.Queue[Message](), _Sent()
        running = asyncio.create_task(_served(build_app(database), {"type": "lifespan"}, received.get, sent))
        await received.put({"type": "lifespan.startup"})
        while not sent.messages:
            await asyncio.sleep(0)
        await received.put({"type": "lifespan.shutdown"})
        await running
        return [message["type"] for message in sent.messages]

    assert runner.run(live()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
