"""What holds for every answer."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from battery.reference.app import build_app
from battery.reference.body import BodyLimits
from battery.reference.metrics.registry import Registry
from battery.reference.metrics.requests import RequestMetrics
from battery.reference.observation import Observation
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
ORDER = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}


@pytest.mark.parametrize("path", ["/api/health/live", "/nowhere", "/metrics"])
def test_every_answer_has_an_id_and_security_headers(call: Call, path: str) -> None:
    headers = call("GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-request-id"]


def test_an_id_of_the_client_comes_back_unless_it_could_do_harm(call: Call) -> None:
    assert call("GET", "/x", headers={"x-request-id": "a-1"}).json()["request_id"] == "a-1"
    assert call("GET", "/x", headers={"x-request-id": "a b"}).json()["request_id"] != "a b"


def test_an_unknown_path_and_a_method_without_meaning_are_problem_documents(call: Call) -> None:
    nowhere, wrong = call("GET", "/nowhere"), call("PATCH", "/api/orders")
    assert (nowhere.status_code, wrong.status_code) == (404, 405)
    assert wrong.headers["allow"] == "GET, HEAD, POST"
    assert {a.headers["content-type"] for a in (nowhere, wrong)} == {"application/problem+json"}


def test_head_is_answered_like_get(call: Call) -> None:
    assert call("HEAD", "/version").status_code == 200


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"content": b"{}"}, 415),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"\xff", "headers": {"content-type": "application/json"}}, 400),
        ({"json": {**ORDER, "quantity": 0}}, 422),
        ({"json": {**ORDER, "item": "x" * 300}}, 413),
        ({"json": {**ORDER, "item": "x" * 3000}}, 413),
    ],
)
def test_a_body_that_is_wrong_is_refused_with_its_own_status(
    call: Call, options: dict[str, Any], status: int
) -> None:
    assert call("POST", "/api/orders", **options).status_code == status


def test_a_body_that_never_arrives_and_one_that_is_cut_off(
    database: Database, runner: asyncio.Runner
) -> None:
    async def cut() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def silent() -> dict[str, Any]:
        return await asyncio.Future()

    for receive, status in ((cut, 400), (silent, 408)):
        sent: list[Any] = []

        async def send(message: Any, sent: list[Any] = sent) -> None:
            sent.append(message)

        app: Any = build_app(database, limits=BodyLimits(seconds=0.01))
        scope = {"type": "http", "method": "POST", "path": "/api/orders", "headers": [], "query_string": b""}
        runner.run(app(scope, receive, send))
        assert sent[0]["status"] == status


def test_no_trace_of_a_defect_leaves_the_service(
    database: Database, caller: Callable[..., Call], caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> Any:
        raise RuntimeError("secret inside")

    answer = caller(build_app(database, clock=broken_clock))("POST", "/api/orders", json=ORDER)
    assert (answer.status_code, "secret" in answer.text) == (500, False)
    assert "secret inside" in caplog.text


def test_too_many_requests_at_a_time_are_refused_but_nobody_who_asks_how_it_is(
    database: Database, caller: Callable[..., Call]
) -> None:
    full = caller(build_app(database, in_flight=0))
    answer = full("GET", "/api/orders")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert full("GET", "/api/health/live").status_code == 200
    assert "requests_shed_total 1" in full("GET", "/metrics").text


def test_a_request_leaves_one_log_line_without_its_query(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "battery.reference")
    call("GET", "/api/echo?message=private")
    [record] = [record for record in caplog.records if record.message == "request"]
    assert vars(record)["fields"]["route"] == "/api/echo"
    assert "private" not in str(vars(record))


def test_a_request_that_is_cancelled_is_recorded_as_such(runner: asyncio.Runner) -> None:
    async def cancelled(*_: object) -> None:
        raise asyncio.CancelledError

    registry = Registry()
    observed: Any = Observation(cancelled, RequestMetrics(registry))

    async def serve() -> None:
        with pytest.raises(asyncio.CancelledError):
            await observed({"type": "http", "method": "BREW", "headers": []}, None, None)

    runner.run(serve())
    assert 'http_requests_total{method="OTHER",route="(unmatched)",status="499"} 1' in registry.render()
