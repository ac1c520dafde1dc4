"""Runs with load profiles, and the seconds that their checks kept."""

from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec

from battery.comparing import Side
from battery.load.tally import Slice
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.profile import Profile, Shape, Stage
from tests.fakes.plans import a_check, a_plan, a_run, changed, measured, some_evidence

STEADY = Shape(stages=(Stage(name="steady", duration="60 s", rate="100/s"),))


def a_profile(shape: Shape = STEADY, **given: Any) -> Profile:
    """P1, open, the same at every intensity."""
    defaults: dict[str, Any] = {"id": "P1", "title": "a profile", "why": "because", "model": "open"}
    return Profile(**defaults | {"smoke": shape, "standard": shape, "full": shape} | given)


def a_second(second: int, p50: float = 10.0, *, stage: int = 0, **given: Any) -> Slice:
    """A second of a hundred requests whose p99 is three times the p50."""
    defaults: dict[str, Any] = {
        "sent": 100,
        "ok": 100,
        "failed": 0,
        "p99": 3 * p50,
        "worst": 4 * p50,
        "lag_p99": 0.1,
        "in_flight": 1,
        "waiting": 0,
        "cpu": 0.2,
    }
    return Slice(second=second, stage=stage, p50=p50, **defaults | given)


def noisy(level: float, count: int = 60, seed: int = 1, *, failed: float = 0.0) -> list[Slice]:
    """Seconds around a level; each request fails with a probability."""
    random = Random(seed)
    lost = [sum(random.random() < failed for _ in range(100)) for _ in range(count)]
    return [
        a_second(at, level * random.uniform(0.95, 1.05), ok=100 - lost[at], failed=lost[at])
        for at in range(count)
    ]


def as_blob(seconds: Sequence[Slice]) -> bytes:
    """As the load checks keep them."""
    return b"".join(msgspec.json.encode(second) + b"\n" for second in seconds)


def load_plan(*profiles: Profile, **given: Any) -> Plan:
    """A plan whose checks are those of the profiles."""
    chosen = profiles or (a_profile(),)
    checks = tuple(a_check(id=f"load.{each.id}", profile=each.id, instrument="load") for each in chosen)
    return a_plan(**{"profiles": chosen, "checks": checks, "definition": Definition()} | given)


def load_evidence(plan: Plan, **given: Any) -> list[Evidence]:
    """What each profile's check recorded beside its seconds."""
    return [changed(some_evidence(check.id, measured()), **given) for check in plan.checks]


def a_side(seconds: Sequence[Slice], plan: Plan | None = None, **given: Any) -> Side:
    """A run all of whose profiles saw these seconds."""
    chosen = plan or load_plan()
    run = a_run(chosen, load_evidence(chosen, **given))
    return Side(run, {check.id: as_blob(seconds) for check in chosen.checks})
