"""Where a trace that was sent comes back."""

from collections.abc import Iterable, Mapping

from battery.model.frozen import Frozen
from battery.readiness.observability.tracing.traceparent import TraceParent, parse_traceparent


class Propagation(Frozen, frozen=True, kw_only=True):
    """The headers and the number of log lines that hold the trace; `echoed` when the span came back unchanged too.

    `control` says that a trace which was never sent was found as well: then nothing is proven.
    """

    headers: tuple[str, ...]
    log_lines: int
    echoed: bool = False
    control: bool = False

    @property
    def came_back(self) -> bool:
        """Whether the target carried the trace on."""
        return bool(self.headers or self.log_lines) and not self.control


def propagation_of(
    sent: TraceParent, unsent: TraceParent, headers: Mapping[str, str], log: Iterable[str]
) -> Propagation:
    """Look for a trace in an answer's headers and in the log lines since; `unsent` is the control."""
    found = tuple(name for name, value in headers.items() if sent.trace_id in value.lower())
    lines, control = 0, any(unsent.trace_id in value.lower() for value in headers.values())
    for line in log:
        lower = line.lower()
        lines += sent.trace_id in lower
        control = control or unsent.trace_id in lower
    return Propagation(headers=found, log_lines=lines, echoed=_echoed(sent, headers, found), control=control)


def _echoed(sent: TraceParent, headers: Mapping[str, str], found: tuple[str, ...]) -> bool:
    """A header that only repeats what was sent tells less than one with a span of the target's own."""
    told = [parse_traceparent(headers[name]) for name in found]
    return any(one is not None and one.span_id == sent.span_id for one in told)
