"""What holds for every answer."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from battery.reference.app import build_app
from battery.reference.metrics.registry import Registry
from battery.reference.metrics.requests import RequestMetrics
from battery.reference.observation import Observation
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
ORDER = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}


@pytest.mark.parametrize("path", ["/api/health/live", "/nowhere", "/metrics"])
def test_every_answer_has_its_id_and_its_security_headers(call: Call, path: str) -> None:
    headers = call("GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert len(headers["x-request-id"]) == 16
    assert "server" not in headers


def test_an_id_that_the_client_chose_comes_back(call: Call) -> None:
    answer = call("GET", "/nowhere", headers={"x-request-id": "abc-1"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "abc-1"


@pytest.mark.parametrize("chosen", ["a b", "x" * 65, "<script>", ""])
def test_an_id_that_could_do_harm_is_replaced(call: Call, chosen: str) -> None:
    assert call("GET", "/nowhere", headers={"x-request-id": chosen}).headers["x-request-id"] != chosen


@pytest.mark.parametrize("path", ["/", "/api", "/api/orders/", "/api/health", "/API/ECHO", "/api/orders/1/2"])
def test_an_unknown_path_is_a_problem_document(call: Call, path: str) -> None:
    answer = call("GET", path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "title", "status", "detail", "request_id"}


@pytest.mark.parametrize(
    ("path", "allowed"), [("/api/orders", "GET, HEAD, POST"), ("/api/echo", "GET, HEAD")]
)
def test_a_method_without_meaning_names_those_that_have_one(call: Call, path: str, allowed: str) -> None:
    answer = call("PATCH", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_store_that_cannot_serve_is_a_503_that_says_when_to_come_back(
    call: Call, database: Database
) -> None:
    database.write.capacity = 0
    answer = call("POST", "/api/orders", json=ORDER)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "lane" not in answer.text
    assert 'http_request_errors_total{method="POST",route="/api/orders",status="503"} 1' in (
        call("GET", "/metrics").text
    )


def test_a_full_disk_is_a_507_and_writes_work_again_when_there_is_room(
    call: Call, database: Database, runner: asyncio.Runner
) -> None:
    def room_for(pages: int) -> None:
        runner.run(database.write.run(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone()))

    room_for(1)  # SQLite takes as many as there are
    full = next(answer for answer in iter(lambda: _place(call), None) if answer.status_code != 201)
    assert (full.status_code, full.headers["retry-after"]) == (507, "1")
    assert full.json()["detail"] == "the disk is full"
    room_for(1_000_000)
    assert _place(call).status_code == 201


def _place(call: Call) -> httpx.Response:
    return call("POST", "/api/orders", json={**ORDER, "item": "x" * 100})


def test_no_trace_of_a_defect_leaves_the_service(
    database: Database, runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> datetime:
        raise RuntimeError("secret inside")

    app = build_app(database, clock=broken_clock)

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as client:
            return await client.post("/api/orders", json=ORDER)

    answer = runner.run(send())
    assert (answer.status_code, answer.json()["title"]) == (500, "Internal Server Error")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text
    assert "secret inside" in caplog.text


def test_a_request_leaves_one_log_line_without_its_query(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "battery.reference")
    call("GET", "/api/echo?message=private", headers={"x-request-id": "r1"})
    [record] = [record for record in caplog.records if record.message == "request"]
    fields = vars(record)["fields"]
    assert fields.pop("duration_ms") >= 0
    assert fields == {"request_id": "r1", "method": "GET", "route": "/api/echo", "status": 200}


def test_a_request_that_is_cancelled_is_recorded_as_such(runner: asyncio.Runner) -> None:
    async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    registry = Registry()
    observed = Observation(cancelled, RequestMetrics(registry))
    scope = {"type": "http", "method": "GET", "headers": []}

    async def serve() -> None:
        with pytest.raises(asyncio.CancelledError):
            await observed(scope, _nothing, _nowhere)

    runner.run(serve())
    assert 'http_requests_total{method="GET",route="(unmatched)",status="499"} 1' in registry.render()


def test_what_is_no_request_passes_unrecorded(runner: asyncio.Runner) -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    runner.run(_served(Observation(app, RequestMetrics(Registry())), {"type": "lifespan"}))
    assert seen == ["lifespan"]


def test_a_body_that_is_cut_off_is_refused(
    database: Database, runner: asyncio.Runner, tmp_path: Path
) -> None:
    headers = [(b"content-type", b"application/json")]
    path = "/api/orders"
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
    sent = runner.run(_served(build_app(database), scope))
    assert sent[0]["status"] == 400


async def _served(app: Observation | object, scope: Scope) -> list[Message]:
    """What `app` sends to a client that has gone away."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    assert callable(app)
    await app(scope, _nothing, send)
    return sent


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _nowhere(message: Message) -> None:
    raise AssertionError(message)
