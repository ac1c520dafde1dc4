"""Looking at the machine and the dependency."""

import asyncio
import logging
from pathlib import Path

import pytest

from battery.reference.degradation.ladder import CALM_READINGS, Ladder
from battery.reference.degradation.machine import Machine
from battery.reference.degradation.monitor import Monitor
from battery.reference.degradation.score import Signals
from battery.reference.dependency.address import Address
from battery.reference.dependency.breaker import THRESHOLD, Breaker
from battery.reference.dependency.failure import DependencyFailure
from battery.reference.dependency.link import DependencyLink, own_link
from battery.reference.dependency.opening import open_link
from battery.reference.dependency.prices import OwnPrices


class _Ample(Machine):
    """A machine with enough of everything."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, *, dependency_up: bool) -> Signals:
        self.reads += 1
        return Signals(dependency_up=dependency_up)


class _Broken(_Ample):
    def read(self, *, dependency_up: bool) -> Signals:
        self.reads += 1
        raise ZeroDivisionError


def test_a_real_machine_has_something_left(tmp_path: Path) -> None:
    signals = Machine(tmp_path).read(dependency_up=True)
    assert 0 < signals.memory_free <= 1
    assert 0 <= signals.cpu_free <= 1
    assert signals.disk_free_bytes > 0


def test_what_cannot_be_read_is_remembered(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    machine = Machine(folder)
    before = machine.read(dependency_up=True)
    folder.rmdir()
    after = machine.read(dependency_up=False)
    assert (after.memory_free, after.disk_free_bytes) == (before.memory_free, before.disk_free_bytes)
    assert not after.dependency_up


def test_an_open_breaker_lowers_the_level_and_a_closed_one_raises_it(
    runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    async def use() -> None:
        link, ladder = open_link(Address("127.0.0.1", 1)), Ladder()
        monitor = Monitor(_Ample(), ladder, link)
        await monitor.look()
        assert ladder.changes == 0
        for _ in range(THRESHOLD):
            with pytest.raises(DependencyFailure):
                await link.prices.ping()
        await monitor.look()
        assert ladder.level == "reduced"

    caplog.set_level(logging.INFO, "battery.reference")
    runner.run(use())
    assert [record.message for record in caplog.records] == ["the level changed"]


def test_it_probes_a_dependency_that_nobody_asks(runner: asyncio.Runner) -> None:
    class Answering(OwnPrices):
        pings = 0

        async def ping(self) -> None:
            self.pings += 1
            breaker.succeeded(breaker.admit())

    breaker, answering, ladder = Breaker(cool_seconds=0), Answering(), Ladder()

    async def use() -> None:
        link = open_link(Address("127.0.0.1", 1))
        assert link.client
        link.client.breaker = breaker
        for _ in range(THRESHOLD):
            breaker.failed(breaker.admit())
        probing = DependencyLink(answering, link.client)
        monitor = Monitor(_Ample(), ladder, probing)
        for _ in range(CALM_READINGS + 3):
            await monitor.look()

    runner.run(use())
    assert (answering.pings, breaker.state, ladder.level) == (2, "closed", "full")


def test_a_look_that_fails_is_not_the_last(runner: asyncio.Runner, caplog: pytest.LogCaptureFixture) -> None:
    machine = _Broken()

    async def use() -> None:
        looking = asyncio.create_task(Monitor(machine, Ladder(), own_link(), period=0).run())
        while machine.reads < 3:
            await asyncio.sleep(0)
        looking.cancel()
        await asyncio.wait({looking})

    runner.run(use())
    assert "ZeroDivisionError" in caplog.text
