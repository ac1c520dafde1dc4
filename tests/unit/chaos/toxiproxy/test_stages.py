import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.chaos.toxiproxy.stages import Bench

CHUNKS = st.lists(st.binary(min_size=1, max_size=300), max_size=10)
HOUR = 3_600_000
HOLDING: dict[str, dict[str, int]] = {
    "latency": {"latency": HOUR, "jitter": 1000},
    "bandwidth": {"rate": 0},
    "slicer": {"average_size": 7, "size_variation": 3, "delay": HOUR * 1000},
    "stall": {"percent": 100, "delay": HOUR},
}
PASSING: dict[str, dict[str, int]] = {
    "noop": {},
    "latency": {"latency": -5},
    "bandwidth": {"rate": 2**40},
    "slicer": {"average_size": 7, "size_variation": 3},
    "stall": {"percent": 0},
    "slow_close": {},
    "limit_data": {"bytes": 2**40},
}


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(chunks=CHUNKS, type_=st.sampled_from(sorted(HOLDING)), ends=st.booleans())
def test_what_is_held_comes_out_whole_and_in_order_when_the_toxic_goes(
    chunks: list[bytes], type_: str, ends: bool
) -> None:
    bench = Bench(type_, **HOLDING[type_])
    for chunk in chunks:
        bench.stage.feed(chunk, time.monotonic())
    if ends:
        bench.stage.end(time.monotonic())
    bench.stage.removed()
    assert (bytes(bench.out), bench.ends) == (b"".join(chunks), int(ends))
    assert bench.timers.live() == []


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(chunks=CHUNKS, type_=st.sampled_from(sorted(PASSING)))
def test_nothing_is_lost_or_doubled_on_the_way_through(chunks: list[bytes], type_: str) -> None:
    bench = Bench(type_, **PASSING[type_])
    for chunk in chunks:
        bench.stage.feed(chunk, 0.0)
    bench.stage.end(0.0)
    for _ in range(2000):
        bench.timers.ring()
        if bench.ends:
            break
    assert (bytes(bench.out), bench.ends) == (b"".join(chunks), 1)
    assert (bench.stage.chunks, bench.stage.bytes) == (len(chunks), sum(map(len, chunks)))


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(chunks=CHUNKS, limit=st.integers(-2, 400))
def test_a_limit_passes_exactly_so_many_bytes(chunks: list[bytes], limit: int) -> None:
    bench = Bench("limit_data", bytes=limit)
    for chunk in chunks:
        bench.stage.feed(chunk, 0.0)
    bench.stage.end(0.0)
    everything = b"".join(chunks)
    assert bytes(bench.out) == everything[: max(0, limit)]
    assert bench.ends == 1
    reached = bool(chunks) and len(everything) >= limit
    assert bench.link.cut == (("t", f"limit_data: {len(bench.out)} bytes have passed") if reached else None)


@pytest.mark.parametrize("type_", sorted(HOLDING))
def test_a_dropped_connection_leaves_no_timer(type_: str) -> None:
    bench = Bench(type_, **HOLDING[type_])
    bench.stage.feed(b"x" * 100, time.monotonic())
    bench.stage.dropped()
    assert bench.timers.live() == []
    bench.timers.ring()


def test_a_changed_latency_counts_from_the_arrival() -> None:
    bench = Bench("latency", latency=HOUR)
    now = time.monotonic()
    bench.stage.feed(b"x", now)
    bench.toxic.change({"latency": HOUR // 2}, 1.0)
    bench.stage.changed()
    assert bench.timers.live() == [pytest.approx(now + HOUR / 2000)]
    bench.toxic.change({"latency": 0}, 1.0)
    bench.stage.changed()
    assert bytes(bench.out) == b"x"


def test_latency_lies_within_the_jitter() -> None:
    for _ in range(100):
        bench = Bench("latency", latency=HOUR, jitter=1000)
        now = time.monotonic()
        bench.stage.feed(b"x", now)
        (due,) = bench.timers.live()
        assert HOUR / 1000 - 1 <= due - now <= HOUR / 1000 + 1


def test_a_bandwidth_is_paid_byte_by_byte() -> None:
    bench = Bench("bandwidth", rate=1)
    now = time.monotonic()
    bench.stage.feed(b"x" * 1000, now + 1000)
    bench.timers.ring()
    assert bench.timers.live() == [pytest.approx(now + 1000.010)]


@pytest.mark.parametrize("type_", ["bandwidth", "latency"])
def test_the_source_is_paused_while_too_much_is_held(type_: str) -> None:
    bench = Bench(type_, **HOLDING[type_])
    for _ in range(17):
        bench.stage.feed(b"x" * (1 << 20), time.monotonic())
    assert bench.stage.full
    assert "regulate" in bench.did


def test_a_kept_end_counts_from_when_it_came() -> None:
    bench = Bench("slow_close", delay=HOUR)
    bench.stage.changed()
    bench.stage.end(5.0)
    bench.toxic.change({"delay": 1000}, 1.0)
    bench.stage.changed()
    assert bench.timers.live() == [6.0]
    bench.stage.removed()
    assert (bench.ends, bench.timers.live()) == (1, [])
    bench.stage.removed()
    assert bench.ends == 1


def test_a_dropped_connection_keeps_no_end() -> None:
    bench = Bench("slow_close", delay=HOUR)
    bench.stage.end(5.0)
    bench.stage.dropped()
    assert (bench.ends, bench.timers.live()) == (0, [])


def test_a_reset_runs_from_the_first_bytes() -> None:
    bench = Bench("reset_peer", timeout=1000)
    bench.stage.changed()
    assert bench.timers.live() == []
    bench.stage.feed(b"x", 5.0)
    bench.stage.feed(b"x", 5.5)
    assert bench.timers.live() == [6.0]
    bench.toxic.change({"timeout": 2000}, 1.0)
    bench.stage.changed()
    assert bench.timers.live() == [7.0]
    bench.timers.ring()
    assert bench.did == ["reset: t: reset_peer after 2000 ms"]
    assert not bench.out


def test_a_removed_reset_resets_only_what_lost_data() -> None:
    bench = Bench("reset_peer", timeout=HOUR)
    bench.stage.removed()
    assert bench.did == []
    bench.stage.end(1.0)
    bench.stage.removed()
    assert bench.did == [f"reset: t: reset_peer after {HOUR} ms"]


def test_a_timeout_swallows_and_closes_at_the_end() -> None:
    bench = Bench("timeout", timeout=HOUR)
    (due,) = bench.timers.live()
    bench.stage.feed(b"x", 1.0)
    assert bench.timers.live() == [due], "the time goes on"
    bench.toxic.change({"timeout": HOUR * 2}, 1.0)
    bench.stage.changed()
    assert bench.timers.live()[0] > due
    bench.stage.end(1.0)
    assert bench.did == ["close: t: timeout: ended while its data was held"]
    assert not bench.out


def test_slices_are_of_the_size_asked_for_and_a_delay_apart() -> None:
    bench = Bench("slicer", average_size=10, size_variation=2, delay=1000)
    bench.stage.feed(b"x" * 100, 0.0)
    sizes, before = [len(bench.out)], len(bench.out)
    while before < 100:
        assert bench.timers.live()
        until = bench.timers.live()[0]
        while time.monotonic() < until:
            pass  # a millisecond, and the stage asks the clock itself
        bench.timers.ring()
        sizes.append(len(bench.out) - before)
        before = len(bench.out)
    assert all(8 <= size <= 12 for size in sizes[:-1])
