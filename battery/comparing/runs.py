"""Two judged runs, measure by measure and gate by gate."""

from battery.judging.case import WORST_FIRST
from battery.model.frozen import Frozen
from battery.model.run import Run


class MeasureChange(Frozen, frozen=True, kw_only=True):
    """One measure of one check in both runs; None where a run lacks it, `lost` where the newer one should have taken it."""

    name: str
    check: str
    unit: str
    before: float | None
    after: float | None
    lost: bool = False


class GateChange(Frozen, frozen=True, kw_only=True):
    """One gate's verdict in both runs."""

    gate: str
    before: str
    after: str
    worse: bool


class Changes(Frozen, frozen=True, kw_only=True):
    """What differs between two runs, with what stayed the same."""

    measures: tuple[MeasureChange, ...]
    gates: tuple[GateChange, ...]


def compare_runs(before: Run, after: Run) -> Changes:
    """Both runs side by side; a gate that is gone counts as worse."""
    units = {measure.name: measure.unit for run in (before, after) for measure in run.plan.measures}
    old, new = _values(before), _values(after)
    planned = {check.id for check in after.plan.checks}
    measures = tuple(
        MeasureChange(
            name=name,
            check=check,
            unit=units.get(name, ""),
            before=old.get((name, check)),
            after=new.get((name, check)),
            lost=(name, check) in old and (name, check) not in new and check in planned,
        )
        for name, check in sorted(old.keys() | new.keys())
    )
    return Changes(measures=measures, gates=_gates(before, after))


def _values(run: Run) -> dict[tuple[str, str], float]:
    return {
        (measure.name, item.check): measure.value
        for item in run.evidence
        if item.status == "measured"
        for measure in item.measures
    }


def _gates(before: Run, after: Run) -> tuple[GateChange, ...]:
    old = {gate.gate: gate.status for gate in before.judgement.gates}
    new = {gate.gate: gate.status for gate in after.judgement.gates}
    rows = []
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        worse = was is not None and (now is None or WORST_FIRST.index(now) < WORST_FIRST.index(was))
        rows.append(GateChange(gate=name, before=was or "absent", after=now or "absent", worse=worse))
    return tuple(rows)
