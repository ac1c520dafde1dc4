"""What can only be read: report, echo, version, metrics."""

from collections.abc import Callable

import httpx

from battery.reference.identity import own_identity

Call = Callable[..., httpx.Response]


def test_the_report_covers_the_orders(call: Call) -> None:
    call("POST", "/api/orders", json={"item": "bolt", "quantity": 3, "unit_price_cents": 20})
    report = call("GET", "/api/report").json()
    assert (report["orders"], report["revenue_cents"]) == (1, 60)


def test_the_echo_returns_the_message(call: Call) -> None:
    assert call("GET", "/api/echo", params={"message": "grüß"}).json() == {"message": "grüß"}
    assert call("GET", "/api/echo").json() == {"message": ""}


def test_a_message_that_is_too_long_is_refused(call: Call) -> None:
    assert call("GET", "/api/echo", params={"message": "x" * 257}).status_code == 400


def test_the_version_says_what_is_served(call: Call) -> None:
    identity = own_identity()
    assert call("GET", "/version").json() == {
        "name": "battery-reference",
        "version": identity.version,
        "commit": identity.commit,
    }


def test_requests_are_counted_by_template_method_and_status(call: Call) -> None:
    call("GET", "/api/orders/7")
    call("GET", "/nowhere/at/all")
    call("BREW", "/api/echo")
    answer = call("GET", "/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    for line in (
        'http_requests_total{method="GET",route="/api/orders/{id}",status="404"} 1',
        'http_requests_total{method="GET",route="(unmatched)",status="404"} 1',
        'http_requests_total{method="OTHER",route="/api/echo",status="405"} 1',
        'http_request_duration_seconds_count{method="GET",route="/api/orders/{id}",status="404"} 1',
        "http_requests_in_progress 1",
    ):
        assert line in answer.text.splitlines()


def test_orders_are_counted_once_however_often_they_are_sent(call: Call) -> None:
    order = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}
    for _ in range(3):
        call("POST", "/api/orders", json=order, headers={"idempotency-key": "k"})
    call("DELETE", "/api/orders/1")
    lines = call("GET", "/metrics").text.splitlines()
    assert {"orders_placed_total 1", "orders_replayed_total 2", "orders_removed_total 1"} <= set(lines)
