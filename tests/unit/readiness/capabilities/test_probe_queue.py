"""Queue and orchestration, on a small service."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from battery.model.capabilities import (
    Call,
    QueueShown,
    Told,
)
from battery.readiness.capabilities.capability import Status
from battery.readiness.capabilities.probes.queue import QueueProbe
from battery.readiness.capabilities.queue import QueueFacts, queue
from tests.unit.readiness.capabilities.bench import SHORT, Bench, Supervisor, bench, ready
from tests.unit.readiness.capabilities.service import CAPACITY

QUEUE = QueueShown(
    submit=Call(path="/jobs", method="POST", body="{}"),
    job=Call(path="/jobs/{id}"),
    depth=Told(path="/jobs", json="waiting"),
    capacity=Told(path="/jobs", json="capacity"),
    flood=CAPACITY + 20,
    patience=SHORT,
)


def queued(tmp_path: Path, *broken: str, shown: QueueShown = QUEUE, **given: Any) -> tuple[QueueFacts, Bench]:
    with bench(tmp_path, *broken) as on:
        victim = Supervisor(on.service, **given)
        return QueueProbe(on.asker, shown, victim, ready(on), on.said.append).facts(), on


def test_a_bounded_queue_that_loses_nothing_is_complete(tmp_path: Path) -> None:
    facts, on = queued(tmp_path)
    assert queue(facts).status is Status.COMPLETE, (facts, on.said)
    assert (facts.accepted_before_crash, facts.finished_after_crash, facts.refused) == (
        CAPACITY,
        CAPACITY,
        20,
    )


@pytest.mark.parametrize(
    ("broken", "given", "reason"),
    [
        ("bound", {}, "answers back-pressure under a flood: did not hold"),
        ("work", {}, "accepted work is finished after a crash: did not hold"),
        ("", {"gone": False}, "accepted work is finished after a crash: unknown"),
        ("", {"why": "nobody is supervised"}, "accepted work is finished after a crash: unknown"),
    ],
)
def test_a_queue_without_a_bound_or_a_memory_is_not(
    tmp_path: Path, broken: str, given: dict[str, Any], reason: str
) -> None:
    row = queue(queued(tmp_path, broken, **given)[0])
    assert row.status is not Status.COMPLETE
    assert any(text.startswith(reason) for text in row.reasons), row.reasons


def test_a_crash_without_waiting_work_proves_nothing(tmp_path: Path) -> None:
    facts, _ = queued(tmp_path, shown=msgspec.structs.replace(QUEUE, depth=None))
    assert facts.accepted_before_crash == 0
    assert queue(facts).status is Status.PARTIAL
