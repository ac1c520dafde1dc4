"""The orders API."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

Call = Callable[..., httpx.Response]

BOLT = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}
JSON = {"content-type": "application/json"}


def _place(call: Call, order: dict[str, Any] = BOLT, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"idempotency-key": key}
    return call("POST", "/api/orders", json=order, headers=headers)


def test_a_placed_order_can_be_read_where_the_answer_says(call: Call) -> None:
    placed = _place(call)
    assert placed.status_code == 201
    assert placed.json() == {"id": 1, **BOLT, "created_at": "2026-01-02T12:00:00.000+00:00"}
    assert call("GET", placed.headers["location"]).json() == placed.json()


def test_a_retry_with_its_key_is_answered_like_the_first_request(call: Call) -> None:
    first, retry = _place(call, key="abc"), _place(call, key="abc")
    assert (retry.status_code, retry.json()) == (201, first.json())
    assert "idempotency-replayed" not in first.headers
    assert retry.headers["idempotency-replayed"] == "true"
    assert len(call("GET", "/api/orders").json()["orders"]) == 1


def test_a_key_used_for_another_order_is_a_conflict(call: Call) -> None:
    _place(call, key="abc")
    assert _place(call, {**BOLT, "quantity": 4}, key="abc").status_code == 409


@pytest.mark.parametrize("key", ["", "x" * 129, "a b"])
def test_a_key_that_is_no_key_is_refused(call: Call, key: str) -> None:
    assert _place(call, key=key).status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"item":"\xff","quantity":1,"unit_price_cents":1}', b'{"item":"\\ud800"}']
)
def test_a_body_that_is_not_json_is_refused(call: Call, body: bytes) -> None:
    assert call("POST", "/api/orders", content=body, headers=JSON).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 0},
        {"quantity": "3"},
        {"item": ""},
        {"item": None},
        {"unit_price_cents": -1},
        {"colour": "red"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_the_reason(call: Call, change: dict[str, Any]) -> None:
    answer = _place(call, {**BOLT, **change})
    assert answer.status_code == 422
    assert next(iter(change)) in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_refused(call: Call, kind: str) -> None:
    assert call("POST", "/api/orders", content=b"{}", headers={"content-type": kind}).status_code == 415


@pytest.mark.parametrize("size", [201, 5000])
def test_a_body_that_is_too_large_is_refused(call: Call, size: int) -> None:
    assert call("POST", "/api/orders", content=b"x" * size, headers=JSON).status_code == 413


def test_a_body_larger_than_what_is_read_at_all_is_refused(call: Call) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 100

    assert call("POST", "/api/orders", content=chunks(), headers=JSON).status_code == 413


def test_a_body_that_does_not_come_is_not_waited_for(call: Call) -> None:
    async def never() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    assert call("POST", "/api/orders", content=never(), headers=JSON).status_code == 408


def test_a_deleted_order_is_gone(call: Call) -> None:
    path = _place(call).headers["location"]
    deleted = call("DELETE", path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert call("GET", path).status_code == 404
    assert call("DELETE", path).status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "-1", "1.0", "٣", "9" * 18, "9" * 19, "9" * 5000])
def test_an_id_that_no_order_has_is_not_found(call: Call, number: str) -> None:
    assert call("GET", f"/api/orders/{number}").status_code == 404
    assert call("DELETE", f"/api/orders/{number}").status_code == 404


def test_pages_follow_each_other(call: Call) -> None:
    for _ in range(3):
        _place(call)
    first = call("GET", "/api/orders?limit=2").json()
    assert ([order["id"] for order in first["orders"]], first["next"]) == ([1, 2], 2)
    second = call("GET", f"/api/orders?limit=2&after={first['next']}").json()
    assert ([order["id"] for order in second["orders"]], second["next"]) == ([3], None)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "after=-1", "after=" + "9" * 19, "limit="]
)
def test_a_page_that_cannot_be_is_refused(call: Call, query: str) -> None:
    assert call("GET", f"/api/orders?{query}").status_code == 400
