"""The metrics of a running service, read as Prometheus reads them."""

import re
from collections import defaultdict

import httpx

_SAMPLE = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{((?:\w+="(?:[^"\\\n]|\\.)*",?)*)\})? (\S+)')
_LABEL = re.compile(r'(\w+)="((?:[^"\\\n]|\\.)*)"')
Series = tuple[str, tuple[tuple[str, str], ...]]


def _parsed(text: str) -> tuple[dict[str, str], dict[Series, float]]:
    """The type of each metric, and each sample; refuses whatever the format forbids."""
    types: dict[str, str] = {}
    samples: dict[Series, float] = {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name not in types
            types[name] = kind
        elif not line.startswith("# HELP "):
            match = _SAMPLE.fullmatch(line)
            assert match, line
            series = (match[1], tuple(_LABEL.findall(match[2] or "")))
            assert series not in samples, line
            samples[series] = float(match[3])
    return types, samples


def test_every_sample_belongs_to_a_typed_metric(client: httpx.Client) -> None:
    client.get("/nowhere")
    types, samples = _parsed(client.get("/metrics").text)
    for name, _ in samples:
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        assert name in types or types[family] == "histogram"
    assert {
        name for name, kind in types.items() if kind == "counter" and not name.endswith("_total")
    } == set()


def test_the_counter_and_the_histogram_know_every_request_that_was_answered(client: httpx.Client) -> None:
    for number in range(30):
        client.get("/api/report" if number % 3 else "/api/orders/1")
    _, samples = _parsed(client.get("/metrics").text)
    for route, status, count in (("/api/report", "200", 20), ("/api/orders/{id}", "404", 10)):
        labels = (("method", "GET"), ("route", route), ("status", status))
        assert samples["http_requests_total", labels] == count
        assert samples["http_request_duration_seconds_count", labels] == count
        assert samples["http_request_duration_seconds_bucket", (*labels, ("le", "+Inf"))] == count
        assert samples["http_request_duration_seconds_sum", labels] > 0


def test_buckets_never_fall(client: httpx.Client) -> None:
    _, samples = _parsed(client.get("/metrics").text)
    buckets: dict[Series, list[float]] = defaultdict(list)
    for (name, labels), value in samples.items():
        if name.endswith("_bucket"):
            buckets[name, labels[:-1]].append(value)
    assert buckets
    assert all(counts == sorted(counts) for counts in buckets.values())


def test_the_process_is_described(client: httpx.Client) -> None:
    _, samples = _parsed(client.get("/metrics").text)
    assert samples["process_resident_memory_bytes", ()] > 1_000_000
    assert samples["process_cpu_seconds_total", ()] > 0
    assert samples["process_open_fds", ()] > 3
    assert samples["process_start_time_seconds", ()] > 1_500_000_000
    assert samples["process_threads", ()] >= 1


def test_what_is_served_is_named_alike_everywhere(client: httpx.Client) -> None:
    _, samples = _parsed(client.get("/metrics").text)
    [labels] = [dict(labels) for name, labels in samples if name == "reference_build_info"]
    assert labels["commit"] == client.get("/version").json()["commit"]
