"""The prober against a real server in this process, and what it refuses."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from battery.chaos.recovery.blindness import Blindness
from battery.chaos.recovery.client import Client, Shortage
from battery.chaos.recovery.loop_thread import LoopThread
from battery.chaos.recovery.probe import Probe
from battery.chaos.recovery.prober import Prober
from battery.conversations import listening
from battery.errors import TargetUnreachable, UsageError
from battery.load.job import JobEndpoint
from battery.load.requests import Address, address
from tests.fakes.scripted_server import ANSWER
from tests.unit.chaos.recovery.descriptors import no_free_descriptor


def endpoint(name: str = "ready", contains: bytes = b"") -> JobEndpoint:
    return JobEndpoint(
        name=name, weight_class="light", weight=1, method="GET",
        request=f"GET /{name} HTTP/1.1\r\nHost: a\r\n\r\n".encode(), status=(200,), body_contains=contains,
    )  # fmt: skip


@pytest.fixture
def place() -> Iterator[Address]:
    """A server that answers every path but /hang."""
    ports: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/hang" not in await reader.readuntil(b"\r\n\r\n"):
            writer.write(ANSWER)
        await reader.read()

    async def main(ready: Callable[[], None], stopping: asyncio.Event) -> None:
        async with listening(serve) as port:
            ports.append(port)
            ready()
            await stopping.wait()

    thread = LoopThread("server", main)
    thread.start()
    yield address(f"http://127.0.0.1:{ports[0]}")
    thread.stop(10)


def test_every_request_is_asked_once_a_period(place: Address) -> None:
    seen: list[Probe] = []
    enough = threading.Event()

    def on_probe(probe: Probe) -> None:
        seen.append(probe)
        if len(seen) >= 12:
            enough.set()

    requests = (endpoint("ready", b"hello"), endpoint("orders", b"not there"))
    prober = Prober(place, requests, period=0.05, on_probe=on_probe)
    prober.start()
    assert enough.wait(30)
    assert 0 < prober.now() <= monotonic()
    series = prober.stop()
    for name, phase in (("ready", 0.0), ("orders", 0.025)):
        steps = [(p.at - phase) / 0.05 for p in series.probes if p.request == name]
        assert steps == pytest.approx([round(step) for step in steps], abs=0.001)
        assert len({round(step) for step in steps}) == len(steps)
    assert {(p.request, p.ok, p.status, p.error) for p in series.probes} == {
        ("ready", True, 200, ""),
        ("orders", False, 200, "expectation"),
    }
    assert all(0 <= p.lag <= p.latency for p in series.probes)
    assert series.until > series.probes[-1].at
    assert sorted(seen, key=lambda p: p.at) == list(series.probes)


def test_a_probe_that_hangs_times_out_by_itself(place: Address) -> None:
    ready = threading.Event()

    def on_probe(probe: Probe) -> None:
        if probe.request == "ready":
            ready.set()

    with Prober(place, (endpoint("hang"), endpoint()), timeout=1.0, on_probe=on_probe) as prober:
        assert ready.wait(30)
        early = prober.series()
    late = prober.stop()
    hung = [p for p in late.probes if p.request == "hang"]
    assert {p.error for p in hung} == {"timeout"}
    assert all(p.latency >= 1.0 for p in hung)
    assert early.until <= late.until
    assert all(p.at >= early.until or p in early.probes for p in late.probes)


def test_an_address_where_nobody_listens_is_passed_over(place: Address) -> None:
    async def ask() -> list[int]:
        client = Client(place)
        client._addresses = ["127.0.0.2", "127.0.0.1"]
        first = await client.ask(endpoint(), 5.0)
        client._addresses = ["127.0.0.1", "127.0.0.2"]
        second = await client.ask(endpoint(), 5.0)
        client._addresses = ["127.0.0.2", "127.0.0.3"]
        third = await client.ask(endpoint(), 5.0)
        assert third.error == "refused"
        return [first.status, second.status]

    assert asyncio.run(ask()) == [200, 200]


def test_a_look_at_the_latest_probes_tells_them_alone_and_the_newest_first(place: Address) -> None:
    enough = threading.Event()
    ended: list[Probe] = []

    def count(probe: Probe) -> None:
        ended.append(probe)
        if len(ended) == 20:
            enough.set()

    with Prober(place, (endpoint(),), period=0.05, on_probe=count) as prober:
        assert enough.wait(60)
        lately = prober.lately(0.5)
        assert list(prober.lately(60.0))[-1] == ended[0], "all of them"
        assert prober.lately(0.0) == []
    assert 0 < len(lately) < len(ended)
    assert [probe.done for probe in lately] == sorted((probe.done for probe in lately), reverse=True)
    assert lately[0].done - lately[-1].done <= 0.5


@pytest.mark.parametrize(
    ("requests", "options", "complaint"),
    [
        ((), {}, "no request"),
        ((endpoint(), endpoint()), {}, "one name: ready, ready"),
        ((endpoint(),), {"period": 0.3}, "a probing period of 0.3 s: expected more than 0 and up to 0.25 s"),
        ((endpoint(),), {"period": 0.0}, "a probing period of 0 s"),
        ((endpoint(),), {"timeout": 0.0}, "time-out of 0 s"),
    ],
)
def test_a_prober_that_could_not_measure_is_refused(
    requests: tuple[JobEndpoint, ...], options: dict[str, float], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        Prober(address("http://127.0.0.1"), requests, **options)  # type: ignore[arg-type]


def test_a_name_without_an_address_is_told_at_the_start() -> None:
    prober = Prober(address("http://nowhere.invalid"), (endpoint(),))
    with pytest.raises(TargetUnreachable, match=r"cannot resolve nowhere\.invalid"):
        prober.start()


def test_a_request_that_this_machine_could_not_send_is_no_probe(place: Address) -> None:
    async def ask() -> None:
        client = Client(place)
        await client.resolve()
        with no_free_descriptor(), pytest.raises(Shortage, match="no free descriptor"):
            await client.ask(endpoint(), 5.0)

    asyncio.run(ask())


def test_what_this_machine_lacks_is_counted_and_leaves_the_prober_blind(place: Address) -> None:
    prober = Prober(place, (endpoint(),), period=0.02)
    prober.start()
    with no_free_descriptor():
        for _ in range(3000):
            if prober.series().unsent:
                break
            threading.Event().wait(0.01)
    series = prober.stop()
    assert series.unsent["this machine had no free descriptor"] >= 1
    # Nobody looked then: as blind as one that was late.
    assert Blindness(series, 0.0).seconds(0.0, series.until) > 0
