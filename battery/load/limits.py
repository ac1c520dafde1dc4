"""What the plan says that the instrument must know about itself: the strictest latency limit, the highest rate."""

from collections.abc import Iterator
from typing import Self

from battery.model.gate import Rule
from battery.model.plan import Plan
from battery.model.profile import Profile, Shape
from battery.model.quantity import per_second

_FALLBACK_MS, _FALLBACK_RATE = 800.0, 100.0


class Limit(float):
    """A latency limit in ms that knows whose it is: `source` says it in words, as the end of "the 800 ms of …"."""

    source: str

    def __new__(cls, milliseconds: float, source: str) -> Self:
        """A number with its source."""
        made = super().__new__(cls, milliseconds)
        made.source = source
        return made


def latency_limit(plan: Plan, profile: str = "") -> Limit:
    """The strictest limit that a gate sets on a p99 (of one profile, or of any), by which the instrument must be finer."""
    wanted = f"load.{profile.lower()}.p99" if profile else ""
    limits = [
        (rule.limit, f"{gate.id}:{rule.id}", _endpoint_of(plan, rule))
        for gate in plan.gates
        for rule in gate.rule
        if rule.measure == wanted
        or (not wanted and rule.measure.startswith("load.") and rule.measure.endswith(".p99"))
    ]
    if not limits:
        return Limit(_FALLBACK_MS, "the battery's own default (no rule judges a p99 here)")
    strictest, rule_name, endpoint = min(limits)
    if not endpoint:
        return Limit(strictest, rule_name)
    gates = min((limit for limit, _, whose in limits if not whose), default=None)
    beside = f", stricter than the gates' own {gates:g} ms" if gates and gates > strictest else ""
    return Limit(strictest, f"{endpoint}, which battery.toml sets{beside}")


def _endpoint_of(plan: Plan, rule: Rule) -> str:
    """Whose limit a rule is, where it is an endpoint's; empty where it is a profile's."""
    return next(_endpoints(plan, rule.measure), "")


def _endpoints(plan: Plan, measure: str) -> Iterator[str]:
    for profile in plan.profiles:
        for endpoint in plan.definition.endpoint:
            if measure == f"load.{profile.id.lower()}.{endpoint.slug}.p99":
                yield f"endpoint {endpoint.name} under {profile.id}"


def rules_of(plan: Plan) -> tuple[Rule, ...]:
    """Every rule that the plan's gates judge by and no waiver excuses."""
    waived = {waiver.rule for waiver in plan.waivers}
    return tuple(rule for gate in plan.gates for rule in gate.rule if f"{gate.id}:{rule.id}" not in waived)


def top_rate(plan: Plan) -> float:
    """The highest rate of any open profile at the plan's intensity."""
    rates = [rate for profile in plan.profiles for rate in _rates(profile, plan.intensity)]
    return max(rates, default=_FALLBACK_RATE)


def _rates(profile: Profile, intensity: str) -> list[float]:
    shape: Shape = getattr(profile, intensity)
    return [per_second(stage.rate) for stage in shape.stages if stage.rate]
