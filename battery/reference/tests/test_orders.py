"""Orders, records and the report."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
ORDER = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}


def test_an_order_is_placed_found_listed_and_removed(call: Call) -> None:
    placed = call("POST", "/api/orders", json=ORDER)
    assert placed.status_code == 201
    where = placed.headers["location"]
    assert call("GET", where).json() == placed.json()
    assert call("GET", "/api/orders").json()["orders"] == [placed.json()]
    assert call("DELETE", where).status_code == 204
    assert call("GET", where).status_code == call("DELETE", where).status_code == 404
    metrics = call("GET", "/metrics").text
    assert "orders_placed_total 1" in metrics
    assert "orders_removed_total 1" in metrics


def test_a_retry_with_its_key_gets_the_first_answer_and_another_order_under_it_is_refused(call: Call) -> None:
    key = {"idempotency-key": "k1"}
    first, again = (call("POST", "/api/orders", json=ORDER, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = call("POST", "/api/orders", json={**ORDER, "quantity": 4}, headers=key)
    assert other.status_code == 409
    assert call("POST", "/api/orders", json=ORDER, headers={"idempotency-key": "a b"}).status_code == 400


def test_pages_follow_each_other(call: Call) -> None:
    for _ in range(3):
        call("POST", "/api/orders", json=ORDER)
    first = call("GET", "/api/orders?limit=2").json()
    second = call("GET", f"/api/orders?limit=2&after={first['next']}").json()
    assert [len(first["orders"]), len(second["orders"]), second["next"]] == [2, 1, None]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=101", "after=-1", "after=" + "9" * 19])
def test_a_number_that_cannot_be_is_refused(call: Call, query: str) -> None:
    assert call("GET", f"/api/orders?{query}").status_code == 400


def test_no_order_has_an_id_that_is_no_number(call: Call) -> None:
    assert call("GET", "/api/orders/first").status_code == 404


def test_a_record_is_kept_once_for_each_id_of_its_run(call: Call) -> None:
    record = {"id": "a", "run": "r"}
    first, again = (call("POST", "/api/records", json=record) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert call("GET", "/api/records?run=r").json()["records"] == [first.json()]
    assert call("GET", "/api/records").status_code == 400


def test_the_report_sums_up_what_was_ordered(call: Call) -> None:
    call("POST", "/api/orders", json=ORDER)
    report = call("GET", "/api/report").json()
    assert (report["orders"], report["revenue_cents"]) == (1, 60)
    assert report["best_items"][0]["item"] == "bolt"
    assert len(report["prices"]) == 20


def test_a_message_comes_back_unless_it_is_too_long(call: Call) -> None:
    assert call("GET", "/api/echo?message=hello").json() == {"message": "hello"}
    assert call("GET", f"/api/echo?message={'x' * 257}").status_code == 400


def test_a_store_that_is_full_of_work_says_when_to_come_back(call: Call, database: Database) -> None:
    database.write.capacity = 0
    answer = call("POST", "/api/orders", json=ORDER)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert 'store_lane_refused_total{lane="write"} 1' in call("GET", "/metrics").text


def test_a_disk_that_is_full_is_a_507(call: Call, database: Database, runner: asyncio.Runner) -> None:
    runner.run(database.write.run(lambda c: c.execute("PRAGMA max_page_count = 1").fetchone()))
    answers = (call("POST", "/api/records", json={"id": f"{n}-{'x' * 90}", "run": "r"}) for n in range(500))
    full = next(answer for answer in answers if answer.status_code != 201)
    assert (full.status_code, full.headers["retry-after"]) == (507, "1")
