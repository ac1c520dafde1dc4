"""The metrics of a running service, read as Prometheus reads them."""

import asyncio
import os
import re
import signal
from collections import defaultdict
from pathlib import Path

import httpx
import psutil

from battery.readiness.observability.metrics.examination import metric_flaws
from battery.readiness.observability.metrics.reading import read_exposition
from battery.readiness.observability.metrics.truth import SentLoad, truth_of
from battery.reference.demo import ReferenceTarget
from tests.integration.reference.waiting import metric, until

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


def test_a_client_that_asks_for_openmetrics_gets_it(client: httpx.Client) -> None:
    answer = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    exposition = read_exposition(answer.content, answer.headers["content-type"])
    assert (exposition.format, metric_flaws(exposition)) == ("OpenMetrics", ())


def test_counter_and_histogram_are_exact_however_many_ask_at_once(
    target: ReferenceTarget, client: httpx.Client
) -> None:
    async def ask(requests: int) -> int:
        limits = httpx.Limits(max_connections=32)
        async with httpx.AsyncClient(base_url=target.url, timeout=60.0, limits=limits) as many:
            answers = await asyncio.gather(*(many.get("/api/echo") for _ in range(requests)))
        return sum(answer.status_code == 200 for answer in answers)

    before = read_exposition(client.get("/metrics").content)
    assert asyncio.run(ask(400)) == 400
    after = read_exposition(client.get("/metrics").content)
    load = SentLoad(sent=400, ok=400, failed=0, latencies=400, beside=1)
    assert truth_of(before, after, load).worst == 0


def test_after_a_crash_counters_begin_at_zero_and_say_since_when(tmp_path: Path) -> None:
    with (
        ReferenceTarget(tmp_path / "target", supervised=True) as target,
        httpx.Client(base_url=target.url, timeout=60.0) as client,
    ):
        for _ in range(10):
            client.get("/api/echo")
        counted = 'http_requests_total{method="GET",route="/api/echo",status="200"}'
        assert metric(client, counted) == 10
        started, worker = metric(client, "process_start_time_seconds"), target.worker_pid
        os.kill(worker, signal.SIGKILL)
        until(lambda: not psutil.pid_exists(worker))
        client.get("/api/echo")
        assert metric(client, counted) == 1
        assert metric(client, "process_start_time_seconds") > started
        assert metric(client, "supervisor_restarts_total") == 1
