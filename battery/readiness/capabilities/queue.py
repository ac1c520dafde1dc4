"""Queue and orchestration: work is refused rather than piled up, and what was accepted is finished."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, judged


class QueueFacts(Frozen, frozen=True, kw_only=True):
    """A flood of work, then a crash: what was offered, accepted, refused, and finished."""

    offered: int | None = None
    refused: int | None = None
    deepest: int | None = None
    """The longest queue that was seen, as the target tells it."""
    bound: int | None = None
    crashed: Known = None
    accepted_before_crash: int | None = None
    finished_after_crash: int | None = None


def queue(facts: QueueFacts) -> Capability:
    """Judge it. A flood that was never refused met no bound; a crash with no work waiting proves nothing."""
    depth = f"{facts.deepest} of {facts.bound}" if facts.deepest is not None else ""
    work = f"{facts.finished_after_crash} of {facts.accepted_before_crash}"
    return judged(
        "queue",
        "Queue and orchestration",
        [
            Aspect(what="answers back-pressure under a flood", held=_refuses(facts)),
            Aspect(what="the queue stays within its bound", held=_bounded(facts), note=depth),
            Aspect(what="accepted work is finished after a crash", held=_finished(facts), note=work),
        ],
    )


def _refuses(facts: QueueFacts) -> Known:
    if not facts.offered or facts.refused is None:
        return None
    return facts.refused > 0


def _bounded(facts: QueueFacts) -> Known:
    if facts.deepest is None or facts.bound is None:
        return None
    return facts.deepest <= facts.bound


def _finished(facts: QueueFacts) -> Known:
    if not facts.crashed or not facts.accepted_before_crash or facts.finished_after_crash is None:
        return None
    return facts.finished_after_crash >= facts.accepted_before_crash
