"""A trace that was sent is found where it comes back, and a control keeps chance and parrots out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.tracing.propagation import propagation_of
from battery.readiness.observability.tracing.traceparent import from_random, parse_traceparent

SENT = from_random(bytes(range(24)))
UNSENT = from_random(bytes(range(100, 124)))


def test_a_header_and_log_lines_with_the_trace_are_found() -> None:
    own_span = f"00-{SENT.trace_id}-{'ab' * 8}-01"
    log = [f'{{"trace_id":"{SENT.trace_id.upper()}"}}', "nothing", f"trace={SENT.trace_id}"]
    found = propagation_of(SENT, UNSENT, {"traceparent": own_span, "server": "x"}, log)
    assert (found.headers, found.log_lines, found.echoed) == (("traceparent",), 2, False)
    assert found.came_back


def test_a_header_that_only_repeats_what_was_sent_is_told_apart() -> None:
    found = propagation_of(SENT, UNSENT, {"traceparent": str(SENT)}, [])
    assert (found.came_back, found.echoed) == (True, True)


def test_nothing_found_did_not_come_back() -> None:
    assert not propagation_of(SENT, UNSENT, {"x-trace": "other"}, ["line"]).came_back


@pytest.mark.parametrize(("headers", "log"), [({"x": UNSENT.trace_id}, []), ({}, [UNSENT.trace_id])])
def test_a_trace_that_was_never_sent_unmasks_a_proof(headers: dict[str, str], log: list[str]) -> None:
    found = propagation_of(SENT, UNSENT, {"traceparent": str(SENT), **headers}, log)
    assert found.control
    assert not found.came_back


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00-abc-def-01",
        f"00-{'0' * 32}-{'1' * 16}-01",
        f"00-{'1' * 32}-{'0' * 16}-01",
        f"ff-{'1' * 32}-{'1' * 16}-01",
        f"00-{'1' * 32}-{'1' * 16}-01-more",
    ],
)
def test_what_is_no_traceparent_says_nothing(text: str) -> None:
    assert parse_traceparent(text) is None


@given(st.binary(min_size=24, max_size=24))
def test_every_random_trace_is_well_formed_and_read_back(data: bytes) -> None:
    made = from_random(data)
    assert parse_traceparent(str(made)) == made


def test_too_few_random_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 24"):
        from_random(b"x")
