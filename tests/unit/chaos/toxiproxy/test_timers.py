import asyncio
import time
from collections.abc import Callable

import pytest

from battery.chaos.toxiproxy.server.plane.timers import Timers


def rung(precise: bool, use: Callable[[Timers, list[str], asyncio.Event], None]) -> list[str]:
    """What rang, in order, until the event."""

    async def run() -> list[str]:
        heard: list[str] = []
        timers, done = Timers(asyncio.get_running_loop(), precise=precise), asyncio.Event()
        use(timers, heard, done)
        await asyncio.wait_for(done.wait(), 20)
        timers.close()
        return heard

    return asyncio.run(run())


@pytest.mark.parametrize("precise", [True, False])
def test_timers_ring_in_their_order_and_never_early(precise: bool) -> None:
    began = time.monotonic()

    def use(timers: Timers, heard: list[str], done: asyncio.Event) -> None:
        for name, delay in (("c", 0.03), ("a", 0.0105), ("b", 0.02)):

            def ring(name: str = name, delay: float = delay) -> None:
                assert time.monotonic() >= began + delay
                heard.append(name)
                if name == "c":
                    done.set()

            timers.at(began + delay, ring)

    assert rung(precise, use) == ["a", "b", "c"]


@pytest.mark.parametrize("precise", [True, False])
def test_a_cancelled_timer_is_silent_and_a_past_one_rings_soon(precise: bool) -> None:
    def use(timers: Timers, heard: list[str], done: asyncio.Event) -> None:
        timers.at(time.monotonic() + 0.01, lambda: heard.append("cancelled")).cancel()
        timers.at(0.0, lambda: heard.append("past"))
        assert heard == [], "never within the call"
        timers.at(time.monotonic() + 0.05, done.set)

    assert rung(precise, use) == ["past"]


def test_a_timer_may_set_another() -> None:
    def use(timers: Timers, heard: list[str], done: asyncio.Event) -> None:
        def ring() -> None:
            heard.append("x")
            if len(heard) < 5:
                timers.at(time.monotonic(), ring)
            else:
                done.set()

        timers.at(time.monotonic(), ring)

    assert rung(True, use) == ["x"] * 5


@pytest.mark.parametrize("precise", [True, False])
def test_closed_timers_are_silent(precise: bool) -> None:
    async def run() -> list[str]:
        heard: list[str] = []
        timers = Timers(asyncio.get_running_loop(), precise=precise)
        timers.at(time.monotonic() + 0.01, lambda: heard.append("x"))
        timers.close()
        timers.close()
        await asyncio.sleep(0.03)  # long enough for it to ring, were it not closed
        return heard

    assert asyncio.run(run()) == []
