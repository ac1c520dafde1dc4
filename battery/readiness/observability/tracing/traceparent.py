"""The header traceparent of W3C Trace Context, level 1: https://www.w3.org/TR/trace-context/#traceparent-header."""

import re

from battery.model.frozen import Frozen

_FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})\Z")
HEADER = "traceparent"


class TraceParent(Frozen, frozen=True, kw_only=True):
    """A trace and the span in it that the battery pretends to be."""

    trace_id: str
    span_id: str

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"


def from_random(data: bytes) -> TraceParent:
    """A header of 24 random bytes; neither id may be zero, so one bit of each is set."""
    if len(data) != 24:
        raise ValueError(f"{len(data)} bytes, expected 24")
    trace, span = bytes([data[0] | 1]) + data[1:16], bytes([data[16] | 1]) + data[17:]
    return TraceParent(trace_id=trace.hex(), span_id=span.hex())


def parse_traceparent(text: str) -> TraceParent | None:
    """What a header says; none when it is not well-formed or an id is zero."""
    found = _FORM.match(text.strip())
    if not found or not int(found[1], 16) or not int(found[2], 16):
        return None
    return TraceParent(trace_id=found[1], span_id=found[2])
