"""Health monitoring: the service tells how it is, as a whole and in its parts."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, judged


class HealthFacts(Frozen, frozen=True, kw_only=True):
    """Which paths answered what they should, a random path did not, and what the details named."""

    live: Known = None
    ready: Known = None
    status: Known = None
    metrics: Known = None
    control_refused: Known = None
    """Whether a path that cannot exist was refused: a server that answers anything tells nothing."""
    ready_follows_dependencies: Known = None
    cpu: Known = None
    memory: Known = None
    disk: Known = None
    modules: Known = None


def health(facts: HealthFacts) -> Capability:
    """Judge it. Answers of a server that answers any path count for nothing."""
    caught = facts.control_refused is False
    note = "it answers any path alike" if caught else ""
    answers = [
        Aspect(what=f"{name} answers", held=False if caught else held, note=note)
        for name, held in (
            ("live", facts.live),
            ("ready", facts.ready),
            ("status", facts.status),
            ("metrics", facts.metrics),
        )
    ]
    details = [
        Aspect(what=f"tells its {name}", held=False if caught else held, note=note)
        for name, held in (
            ("CPU", facts.cpu),
            ("memory", facts.memory),
            ("disk", facts.disk),
            ("modules", facts.modules),
        )
    ]
    control = Aspect(what="a path that cannot exist is refused", held=facts.control_refused)
    follows = Aspect(what="ready fails without a dependency", held=facts.ready_follows_dependencies)
    return judged("health", "Health monitoring", [*answers, control, follows, *details])
