"""What of two exchanges shows which network fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.faults.canary_exchange import Exchange, closing
from battery.chaos.faults.canary_signs import DOWN, delay_of, sign_of

DIRECT = Exchange(how="ended", end=0.006, received=200, first=0.003, last=0.005)
CLOSED = Exchange(how="ended", end=0.010, received=200, first=0.004, last=0.008)

SEEN = {
    "latency": ({"latency": 300, "jitter": 50}, Exchange(how="ended", end=0.3, received=200, first=0.26, last=0.27)),
    "bandwidth": ({"rate": 1}, Exchange(how="ended", end=0.2, received=200, first=0.02, last=0.19)),
    "slow_close": ({"delay": 500}, Exchange(how="ended", end=0.51, received=200, first=0.004, last=0.008)),
    "timeout": ({"timeout": 0}, Exchange(how="open", end=1.0)),
    "reset_peer": ({"timeout": 0}, Exchange(how="reset", end=0.01)),
    "slicer": (
        {"average_size": 8, "size_variation": 4, "delay": 5000},
        Exchange(how="ended", end=0.13, received=200, first=0.004, last=0.12),
    ),
    "limit_data": ({"bytes": 40}, Exchange(how="ended", end=0.01, received=40, first=0.004, last=0.004)),
    DOWN: ({}, Exchange(how="refused", end=0.001)),
}  # fmt: skip


@pytest.mark.parametrize("kind", SEEN)
def test_a_fault_is_seen_by_its_own_sign(kind: str) -> None:
    attributes, through = SEEN[kind]
    effect = sign_of(kind, attributes, through, DIRECT)
    assert effect.seen, effect.meter
    assert "without the proxy" in effect.meter


@pytest.mark.parametrize("kind", SEEN)
def test_an_exchange_as_without_the_proxy_shows_nothing(kind: str) -> None:
    effect = sign_of(kind, SEEN[kind][0], CLOSED, DIRECT)
    assert not effect.seen
    assert "without the proxy" in effect.meter


@pytest.mark.parametrize("kind", SEEN)
def test_a_target_that_does_not_answer_by_itself_shows_nothing(kind: str) -> None:
    attributes, through = SEEN[kind]
    for direct in (Exchange(how="open", end=5.0), Exchange(how="refused", end=0.0), Exchange(how="ended", end=0.1)):  # fmt: skip
        effect = sign_of(kind, attributes, through, direct)
        assert not effect.seen
        assert effect.meter.startswith("no whole answer without the proxy either: ")


def test_a_connection_that_nobody_ends_is_told() -> None:
    open_one = Exchange(how="open", end=5.0, received=200, first=0.003, last=0.005)
    effect = sign_of("slow_close", {"delay": 500}, open_one, open_one)
    assert effect.meter == "no whole answer without the proxy either: 200 bytes and no end within 5000 ms"


def test_a_delay_too_small_for_this_machine_is_no_sign() -> None:
    effect = sign_of("slicer", {"average_size": 400, "size_variation": 0, "delay": 5000}, CLOSED, DIRECT)
    assert effect.meter == "slicer: 0 ms on 200 bytes are too few to be told"
    assert not sign_of("latency", {"latency": 3, "jitter": 0}, SEEN["latency"][1], DIRECT).seen


def test_silence_is_no_delay() -> None:
    effect = sign_of("latency", {"latency": 300}, Exchange(how="open", end=1.0), DIRECT)
    assert not effect.seen
    assert effect.meter.startswith("latency: 0 bytes and no end within 1000 ms")


def test_a_bandwidth_of_nothing_is_silence() -> None:
    assert sign_of("bandwidth", {"rate": 0}, Exchange(how="open", end=1.0), DIRECT).seen
    assert not sign_of("bandwidth", {"rate": 0}, CLOSED, DIRECT).seen


def test_a_long_answer_that_was_not_waited_for_shows_a_bandwidth() -> None:
    long = Exchange(how="ended", end=0.02, received=1_000_000, first=0.003, last=0.019)
    begun = Exchange(how="open", end=6.0, received=6_100, first=0.01, last=5.9)
    assert sign_of("bandwidth", {"rate": 1}, begun, long).seen


def test_an_unknown_fault_is_never_seen() -> None:
    assert sign_of("noop", {}, CLOSED, DIRECT).meter == "no canary sees a noop"
    assert delay_of("noop", {}, 100) == 0


@given(
    st.sampled_from(sorted(SEEN)),
    st.dictionaries(st.sampled_from(["latency", "jitter", "rate", "delay", "average_size", "bytes"]), st.integers(0, 10**6)),
    st.integers(0, 10**6),
)  # fmt: skip
def test_a_delay_is_never_negative_and_an_identical_exchange_never_shows_one(
    kind: str, attributes: dict[str, int], size: int
) -> None:
    assert delay_of(kind, attributes, size) >= 0
    assert not sign_of(kind, attributes, DIRECT, DIRECT).seen


@given(st.binary(max_size=40), st.sampled_from([b"", b"connection: keep-alive\r\n", b"CONNECTION: x\r\n"]))
def test_the_request_asks_for_the_end_once_and_is_otherwise_the_same(body: bytes, said: bytes) -> None:
    asked = closing(b"GET / HTTP/1.1\r\nHost: x\r\n" + said + b"\r\n" + body)
    assert asked == b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + body
