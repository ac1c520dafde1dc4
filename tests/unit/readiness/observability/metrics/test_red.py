"""Request rate, errors and duration: found by what metrics are and are called, in several ecosystems."""

import pytest

from battery.readiness.observability.metrics.reading import read_exposition
from battery.readiness.observability.metrics.red import Red, red_of


def red(text: str) -> Red:
    return red_of(read_exposition(text.encode()))


def counter(name: str, labels: str = "") -> str:
    return f"# TYPE {name} counter\n{name}{labels} 1\n"


def histogram(name: str, labels: str = "") -> str:
    inside = labels.strip("{}")
    bucket = f'{{{inside}{"," if inside else ""}le="+Inf"}}'
    return f"# TYPE {name} histogram\n{name}_bucket{bucket} 1\n{name}_count{labels} 1\n{name}_sum{labels} 1\n"


@pytest.mark.parametrize(
    "text",
    [
        counter("http_requests_total", '{code="200"}') + histogram("http_request_duration_seconds"),
        histogram("http_server_requests_seconds", '{status="200"}'),
        counter("grpc_server_handled_total", '{grpc_code="OK"}') + histogram("grpc_request_latency_seconds"),
        counter("requests_total") + counter("request_errors_total") + histogram("request_duration_seconds"),
    ],
)
def test_a_service_that_tells_all_three_misses_nothing(text: str) -> None:
    assert red(text).missing == ()


def test_where_each_was_found_is_told() -> None:
    found = red(
        counter("http_requests_total", '{code="200"}')
        + counter("http_errors_total")
        + histogram("http_request_duration_seconds")
    )
    assert found == Red(
        rate=("http_requests_total", "http_request_duration_seconds"),
        errors=("http_requests_total (code)", "http_errors_total"),
        duration=("http_request_duration_seconds",),
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (counter("emails_total"), ("request rate", "errors", "duration")),
        (counter("http_requests_total"), ("errors", "duration")),
        (counter("http_requests_total", '{code="200"}'), ("duration",)),
        (histogram("gc_duration_seconds"), ("request rate", "errors", "duration")),
        ("# TYPE http_requests gauge\nhttp_requests 1\n", ("request rate", "errors", "duration")),
        (counter("http_requests_rejected_total"), ("request rate", "errors", "duration")),
        ("http_requests_total 1\n", ("errors", "duration")),
    ],
)
def test_what_an_operator_could_not_see_is_told(text: str, missing: tuple[str, ...]) -> None:
    assert red(text).missing == missing
