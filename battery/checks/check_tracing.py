"""Tracing: a trace that the battery begins goes on inside of the target."""

import os
import secrets
from collections.abc import Callable

import httpx
import msgspec
import pytest

from battery.chaos.scenarios.world import World
from battery.checks.target_logs import NO_LOG, log_files
from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.logs.tail import LogFiles
from battery.readiness.observability.logs.traced import wait_for
from battery.readiness.observability.report import record_flaws
from battery.readiness.observability.sending import Sender, harmless
from battery.readiness.observability.tracing.propagation import Propagation, propagation_of
from battery.readiness.observability.tracing.traceparent import HEADER, TraceParent, from_random
from battery.recording import Record

_PATIENCE = 10.0
_ID_BYTES = 24


@pytest.mark.gate("G6")
@pytest.mark.instrument("readiness")
@pytest.mark.measures("observability.tracing.defects")
@pytest.mark.limit("2 min")
def check_propagation(
    http: httpx.Client,
    world: World,
    target: Definition,
    record: Record,
    earlier: Callable[[str], Evidence | None],
) -> None:
    """A trace that is sent comes back in a header or in the log."""
    require_answering_target(target, earlier)
    header, endpoint = target.observability.tracing.header, harmless(target)[0]
    logs = log_files(world)
    found = _propagation(Sender(http, os.environ), target, logs)
    record.proof("a trace that was never sent is not found", not found.control, "the control of the search")
    flaws = []
    if not found.came_back:
        if logs is None:
            pytest.skip(f"the trace in {header} stands in no header of the answer, and there is {NO_LOG}")
        text = f"the trace in {header} comes back neither in a header nor in the log"
        flaws.append(Flaw(rule="tracing.lost", where=endpoint.path, text=text))
    record_flaws(
        record, "observability.tracing.defects", flaws, looked=1, at=f"{endpoint.path} with {header}"
    )
    where = [*(f"header {name}" for name in found.headers), f"{found.log_lines} log lines"]
    record.fact("the trace came back in", ", ".join(where))
    record.fact("its span", "the one that was sent" if found.echoed else "none, or one of the target's own")
    record.blob("propagation", msgspec.json.encode(found), "application/json")


def _propagation(sender: Sender, target: Definition, logs: LogFiles | None) -> Propagation:
    """One request with a trace; what its answer and the log say of it."""
    header, endpoint = target.observability.tracing.header, harmless(target)[0]
    sent, unsent = (from_random(secrets.token_bytes(_ID_BYTES)) for _ in range(2))
    marks = logs.marks() if logs else {}
    answer = sender.send(endpoint, {header: _value(header, sent)})
    headers = dict(answer.headers) if answer is not None else {}
    lines = wait_for(lambda: logs.since(marks), (sent.trace_id,), _PATIENCE) if logs else []
    return propagation_of(sent, unsent, headers, lines)


def _value(header: str, trace: TraceParent) -> str:
    return str(trace) if header.lower() == HEADER else trace.trace_id
