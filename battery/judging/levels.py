"""The level: the best one whose gates all pass, and what kept the better ones away."""

from collections.abc import Sequence

from battery.model.definition import INTENSITIES, Intensity
from battery.model.evidence import Mode
from battery.model.gate import Level, LevelId
from battery.model.verdict import GateVerdict


def best_level(
    levels: Sequence[Level], gates: Sequence[GateVerdict], mode: Mode, intensity: Intensity
) -> tuple[LevelId, tuple[str, ...]]:
    """The first level whose demands hold (levels stand best first), and why each better one was missed."""
    missed: list[str] = []
    for level in levels:
        obstacle = _obstacle(level, gates, mode, intensity)
        if not obstacle:
            return level.id, tuple(missed)
        missed.append(f"not {level.id}: {obstacle}")
    return "none", tuple(missed)


def highest_at(levels: Sequence[Level], intensity: Intensity) -> LevelId:
    """The best level that a run of this intensity can earn, whatever it finds."""
    return next((level.id for level in levels if level.gates and _is_hard_enough(level, intensity)), "none")


def _obstacle(level: Level, gates: Sequence[GateVerdict], mode: Mode, intensity: Intensity) -> str:
    if mode != "real":
        return "a baseline run measures nothing"
    if not level.gates:
        return "it names no gate"
    by_id = {gate.gate: gate for gate in gates}
    lacking = [
        f"{name} {by_id[name].status if name in by_id else 'absent'}"
        for name in level.gates
        if not _passes(by_id, name)
    ]
    if lacking:
        return ", ".join(lacking)
    waived = [f"{gate.gate}:{rule.rule}" for gate in gates for rule in gate.rules if rule.waived]
    if waived and not level.waivers:
        return f"it allows no waiver ({', '.join(waived)})"
    if not _is_hard_enough(level, intensity):
        return f"it needs intensity {level.intensity}, this run was {intensity}"
    return ""


def _is_hard_enough(level: Level, intensity: Intensity) -> bool:
    return INTENSITIES.index(intensity) >= INTENSITIES.index(level.intensity)


def _passes(gates: dict[str, GateVerdict], name: str) -> bool:
    return name in gates and gates[name].status == "pass"
