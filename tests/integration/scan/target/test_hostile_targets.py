"""Hostile targets: bounded time and memory, an outcome with its reason, no request out of scope, no crash."""

import asyncio
import json
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.model.security import TARGET_SCANNERS, LoginProbe
from battery.scan.interface import ScanResult
from battery.scan.target.answer import Answer, Outcome, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.client import Client
from battery.scan.target.request import ScanLimits, TargetScanRequest
from battery.scan.target.run import ScanStep, scan_target
from battery.scan.target.scope import scope_of
from battery.scan.target.trace import Trace
from tests.integration.scan.target.scripted import QUICK, Heard, Said, scan, serving, sound

ROOT = Path(__file__).parents[4]
MIB = 1024 * 1024
# Only what must run into the deadline gets little time: a busy machine may need more for the others.
KINDS = {
    "huge_headers": "header-flood",
    "invalid_chunks": "protocol",
    "garbage": "protocol",
    "torn_body": "closed",
    "close_at_once": "closed",
    "reset": "reset",
    "dribble": "timeout",
    "silent": "timeout",
}


@pytest.fixture(scope="module")
def hostile() -> Iterator[dict[str, int]]:
    """Ports of the hostile server by what they do."""
    command = [sys.executable, "-m", "tests.fakes.hostile_server"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        yield json.loads(server.stdout.readline())
        server.communicate(timeout=30)


def broken(result: ScanResult) -> list[str]:
    """What the scanner itself stumbled over."""
    return [reason for reason in result.incomplete if reason.startswith("the scanner")]


def send(url: str, deadline: float = 20.0, **asked: object) -> Outcome:
    """One request."""
    limits = ScanLimits(deadline=deadline)

    async def once() -> Outcome:
        client = Client(scope_of(url), limits, Trace(), scanner="test", common={})
        return await client.send(Asked(path="/", **asked))  # type: ignore[arg-type]

    return asyncio.run(once())


@pytest.mark.parametrize(("does", "why"), KINDS.items())
def test_every_misbehaviour_is_a_silence_with_its_reason(
    hostile: dict[str, int], does: str, why: str
) -> None:
    outcome = send(f"http://127.0.0.1:{hostile[does]}", 0.5 if why == "timeout" else 20.0)
    assert isinstance(outcome, Silence)
    # A close may reach us as a reset when our request was still unread.
    assert outcome.why == why or (why == "closed" and outcome.why == "reset")
    assert outcome.reason


@pytest.mark.parametrize("does", ["endless_body", "endless_chunks"])
def test_an_endless_body_is_cut_off(hostile: dict[str, int], does: str) -> None:
    tracemalloc.start()
    outcome = send(f"http://127.0.0.1:{hostile[does]}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(outcome, Answer)
    assert outcome.cut
    assert len(outcome.body) == MIB
    assert peak < 32 * MIB


def test_a_gzip_bomb_is_unpacked_no_further_than_needed(hostile: dict[str, int]) -> None:
    outcome = send(f"http://127.0.0.1:{hostile['gzip_bomb']}")
    assert isinstance(outcome, Answer)
    assert len(outcome.text()) == 256 * 1024


def test_a_second_answer_is_ignored(hostile: dict[str, int]) -> None:
    outcome = send(f"http://127.0.0.1:{hostile['twice']}")
    assert isinstance(outcome, Answer)
    assert outcome.body == b"ok"


@pytest.mark.parametrize("does", ["silent", "plaintext", "close_at_once", "garbage"])
def test_what_is_no_tls_is_said_so(hostile: dict[str, int], does: str) -> None:
    outcome = send(f"https://127.0.0.1:{hostile[does]}", 0.5 if does in ("silent", "garbage") else 20.0)
    assert isinstance(outcome, Silence)
    assert outcome.why in ("timeout", "tls", "reset", "closed")


def test_a_port_where_nobody_listens_and_a_name_nobody_has_are_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", f"http://{'a' * 70}.invalid"):
        outcome = send(url)
        assert isinstance(outcome, Silence)
        assert outcome.why == "refused"


@pytest.mark.parametrize(
    ("does", "scheme"),
    [
        *((does, "http") for does in ("endless_body", "gzip_bomb", "huge_headers", "invalid_chunks")),
        *((does, "http") for does in ("garbage", "reset", "silent", "twice")),
        *((does, "https") for does in ("silent", "plaintext", "close_at_once")),
    ],
)
def test_no_scanner_breaks_on_a_hostile_target(hostile: dict[str, int], does: str, scheme: str) -> None:
    limits = ScanLimits(
        rate=5000,
        deadline=0.3 if does == "silent" else 20,
        patience=0.1,
        burst=10,
        attempts=3,
        slow_connections=3,
        slow_seconds=0.1,
        seconds=60,
    )
    url = f"{scheme}://127.0.0.1:{hostile[does]}"
    trace = Trace()
    request = TargetScanRequest(url=url, limits=limits, login=LoginProbe(path="/login"), public=True)
    results = scan_target(request, lambda _: None, trace)
    assert [result.scanner for result in results] == [f"target.{name}" for name in TARGET_SCANNERS]
    for result in results:
        assert result.ledger.adds_up, result
        assert not broken(result)
        assert all(canary.seen for canary in result.canaries if result.scanner != "target.fuzz")
    assert all(exchange.url.startswith(url) for exchange in trace.exchanges)


def test_a_target_that_never_answers_is_incomplete_everywhere(hostile: dict[str, int]) -> None:
    limits = ScanLimits(deadline=0.2, rate=5000, patience=0.1)
    url = f"http://127.0.0.1:{hostile['silent']}"
    names = ("headers", "cors", "methods", "errors", "exposed", "rate_limit", "robustness")
    request = TargetScanRequest(url=url, limits=limits, scanners=names)
    for result in scan_target(request, lambda _: None):
        assert result.incomplete
        assert result.found == ()
        assert result.canaries == ()


def test_a_redirect_loop_ends_and_an_off_host_redirect_is_reported_and_not_followed() -> None:
    visits: list[str] = []

    def trap(heard: Heard) -> Said:
        visits.append(heard.path)
        return Said()

    with serving(trap) as elsewhere:

        def script(heard: Heard) -> Said:
            target = {"/loop": "/loop", "/away": f"{elsewhere}/stolen?token=abc", "/odd": "http://[bad"}
            return Said(302, {"Location": target[heard.path]}) if heard.path in target else sound(heard)

        trace = Trace()
        with serving(script) as url:
            names = ("headers", "cors", "methods", "errors", "exposed", "robustness", "rate_limit")
            request = TargetScanRequest(
                url=url, paths=("/loop", "/away", "/odd"), limits=QUICK, scanners=names, public=True
            )
            results = scan_target(request, lambda _: None, trace)
    assert visits == []
    assert [broken(result) for result in results] == [[]] * len(results)
    assert all(exchange.url.startswith(url) for exchange in trace.exchanges)
    away = [found for found in results[0].found if found.rule == "target.redirect.off-scope"]
    assert len(away) == 2
    assert "token=abc" not in str(away)
    looped = [exchange for exchange in trace.exchanges if exchange.url == f"{url}/loop"]
    assert sum(exchange.scanner == "headers" and exchange.method == "GET" for exchange in looped) == 11


def test_the_path_of_the_target_is_never_left() -> None:
    paths: list[str] = []

    def script(heard: Heard) -> Said:
        paths.append(heard.path)
        return Said(302, {"Location": "/outside"}) if heard.path == "/app/" else sound(heard)

    with serving(script) as url:
        request = TargetScanRequest(url=f"{url}/app", limits=QUICK, scanners=("headers", "exposed", "errors"))
        results = scan_target(request, lambda _: None)
    assert paths
    assert all(path.startswith("/app/") for path in paths)
    assert "target.redirect.off-scope" in {found.rule for found in results[0].found}


def test_the_budget_bounds_a_scan_and_makes_it_incomplete() -> None:
    heard: list[Heard] = []

    def script(request: Heard) -> Said:
        heard.append(request)
        return sound(request)

    limits = ScanLimits(requests=7, rate=5000)
    trace = Trace()
    with serving(script) as url:
        result = scan(url, "exposed", limits=limits, trace=trace)
    assert len(heard) == 7
    assert sum(exchange.sent for exchange in trace.exchanges) == 7
    assert "the budget of 7 requests is spent" in " ".join(result.incomplete)
    assert result.ledger.adds_up


def test_a_scanner_that_takes_too_long_is_incomplete_and_keeps_what_it_found() -> None:
    with serving(lambda _: Said(200, {"Server": "nginx/1.2.3"})) as url:
        limits = ScanLimits(rate=4, seconds=1.5)
        result = scan(url, "errors", limits=limits)
    assert "had not ended after 2 s" in " ".join(result.incomplete)
    assert result.found
    assert result.ledger.adds_up


def test_a_target_that_says_later_is_asked_later() -> None:
    asked: list[Heard] = []

    def script(heard: Heard) -> Said:
        asked.append(heard)
        return Said(429, {"Retry-After": "0"}) if len(asked) % 2 else sound(heard)

    with serving(script) as url:
        result = scan(url, "methods")
    assert result.incomplete == ()
    assert len(asked) == 10


def test_a_target_that_always_says_later_is_incomplete() -> None:
    with serving(lambda _: Said(429)) as url:
        limits = ScanLimits(rate=5000, patience=0.5)
        for name in ("headers", "exposed"):
            assert "429" in " ".join(scan(url, name, limits=limits).incomplete)


def test_progress_tells_each_scanner_twice() -> None:
    steps: list[ScanStep] = []
    with serving(sound) as url:
        request = TargetScanRequest(url=url, scanners=("cors", "headers"), limits=QUICK)
        scan_target(request, steps.append)
    assert [(step.scanner, step.number, step.ended) for step in steps] == [
        ("headers", 1, False),
        ("headers", 1, True),
        ("cors", 2, False),
        ("cors", 2, True),
    ]
