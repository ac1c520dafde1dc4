"""What a scrape reads."""

from collections.abc import Callable

import httpx
import pytest

from battery.reference.metrics.counter import Counter
from battery.reference.metrics.exposition import checked_names, sample, written
from battery.reference.metrics.gauge import Gauge
from battery.reference.metrics.histogram import Histogram
from battery.reference.metrics.registry import Registry

Call = Callable[..., httpx.Response]


def test_there_are_at_least_twenty_metrics_and_each_is_described(call: Call) -> None:
    lines = call("GET", "/metrics").text.splitlines()
    described = {line.split()[2] for line in lines if line.startswith("# HELP ")}
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE ")}
    assert described == typed
    assert len(typed) >= 20


def test_every_answer_is_counted_once_with_its_route(call: Call) -> None:
    for _ in range(3):
        call("GET", "/api/orders/1")
    text = call("GET", "/metrics").text
    labels = 'method="GET",route="/api/orders/{id}",status="404"'
    assert f"http_requests_total{{{labels}}} 3" in text
    assert f"http_request_duration_seconds_count{{{labels}}} 3" in text


def test_a_counter_only_grows_and_wants_all_its_labels() -> None:
    counter = Counter("seen_total", "Seen.", ("kind",))
    counter.add("a", amount=2)
    assert 'seen_total{kind="a"} 2\n' in counter.render()
    with pytest.raises(ValueError, match="cannot count"):
        counter.add("a", amount=-1)
    with pytest.raises(ValueError, match="cannot count"):
        counter.add()


def test_a_histogram_counts_below_its_bounds() -> None:
    histogram = Histogram("took_seconds", "Took.", bounds=(1.0, 2.0))
    for value in (1.0, 1.5, 9.0):
        histogram.observe(value)
    text = histogram.render()
    assert 'took_seconds_bucket{le="1"} 1\n' in text
    assert 'took_seconds_bucket{le="+Inf"} 3\n' in text
    with pytest.raises(ValueError, match="has the labels"):
        histogram.observe(1.0, "x")
    with pytest.raises(ValueError, match="rising bounds"):
        Histogram("x", "X.", bounds=(2.0, 1.0))


def test_names_values_and_labels_are_spelled_as_the_format_wants() -> None:
    assert sample("a", ("l",), ('x"\\\n',), 1.5) == 'a{l="x\\"\\\\\\n"} 1.5\n'
    assert [written(number) for number in (float("inf"), float("-inf"), float("nan"), 3.0)] == [
        *("+Inf", "-Inf", "NaN", "3")
    ]
    for names in (("a-b", ()), ("a", ("__l",))):
        with pytest.raises(ValueError, match="is no"):
            checked_names(*names)


def test_a_name_is_registered_once() -> None:
    registry = Registry()
    registry.add(Gauge("up_now", "Up."))
    with pytest.raises(ValueError, match="registered twice"):
        registry.add(Gauge("up_now", "Up."))


def test_openmetrics_are_for_who_asks_for_them(call: Call) -> None:
    accept = {"accept": "text/plain;q=0.5, application/openmetrics-text; version=1.0.0"}
    answer = call("GET", "/metrics", headers=accept)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    assert "# TYPE orders_placed counter\n" in answer.text
    for never in ("application/openmetrics-text;q=0", "*/*"):
        plain = call("GET", "/metrics", headers={"accept": never})
        assert plain.headers["content-type"].startswith("text/plain")
