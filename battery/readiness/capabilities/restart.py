"""Auto-restart: a process that was killed comes back without anybody's help."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, judged


class RestartFacts(Frozen, frozen=True, kw_only=True):
    """What happened after the process was killed; counts are those that the target tells itself."""

    killed: Known = None
    """Whether the process that was killed is proven to be gone."""
    back_by_itself: Known = None
    seconds: float | None = None
    restarts_before: int | None = None
    restarts_after: int | None = None


def restart(facts: RestartFacts) -> Capability:
    """Judge it. Without a proven kill nothing came back from anything."""
    back = facts.back_by_itself if facts.killed else None
    note = f"after {facts.seconds:.1f} s" if back and facts.seconds is not None else ""
    return judged(
        "restart",
        "Auto-restart",
        [
            Aspect(what="back by itself after a kill", held=back, note=note or _unproven(facts)),
            Aspect(what="tells how often it was restarted", held=_counted(facts)),
        ],
    )


def _counted(facts: RestartFacts) -> Known:
    if facts.restarts_before is None or facts.restarts_after is None:
        return None
    return facts.restarts_after > facts.restarts_before


def _unproven(facts: RestartFacts) -> str:
    return "" if facts.killed else "the kill is not proven"
