"""What the plan says that the instrument must know about itself: the strictest latency limit, the highest rate."""

from battery.model.gate import Rule
from battery.model.plan import Plan
from battery.model.profile import Profile, Shape
from battery.model.quantity import per_second

_FALLBACK_MS, _FALLBACK_RATE = 800.0, 100.0


def latency_limit(plan: Plan, profile: str = "") -> float:
    """The strictest limit that a gate sets on a p99 (of one profile, or of any), by which the instrument must be finer."""
    wanted = f"load.{profile.lower()}.p99" if profile else ""
    limits = [
        rule.limit
        for gate in plan.gates
        for rule in gate.rule
        if rule.measure == wanted
        or (not wanted and rule.measure.startswith("load.") and rule.measure.endswith(".p99"))
    ]
    return min(limits, default=_FALLBACK_MS)


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
