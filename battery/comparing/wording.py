"""What a person reads about a comparison: one table for measures, one for gates, one for loads, and what got worse."""

from collections import Counter
from collections.abc import Iterator, Sequence

from battery.comparing.loads import LoadChange
from battery.comparing.runs import Changes, MeasureChange

_NAME, _VALUE = 36, 12
_MARKS = {"worse": "WORSE", "better": "better"}


def lines_of(changes: Changes, loads: Sequence[LoadChange]) -> Iterator[str]:
    """The tables, each under its heading, and none where there is nothing to say."""
    if changes.measures:
        yield _row("measure", "before", "after")
        taken = Counter(measure.name for measure in changes.measures)
        for measure in changes.measures:
            # Two checks may take one measure: then each row says whose it is.
            name = f"{measure.name} ({measure.check})" if taken[measure.name] > 1 else measure.name
            yield _row(name, _number(measure.before), _number(measure.after), _changed(measure))
    if changes.gates:
        yield _row("gate", "before", "after")
        for gate in changes.gates:
            mark = "WORSE" if gate.worse else "" if gate.before == gate.after else "changed"
            yield _row(gate.gate, gate.before, gate.after, mark)
    if loads:
        yield _row("load, by the second", "before", "after", "difference (95 % interval), verdict")
        yield from _load_rows(loads)


def got_worse(changes: Changes, loads: Sequence[LoadChange]) -> list[str]:
    """Every gate and level that got worse and every measure that was planned and not taken, as a person would name it."""
    gates = [f"{gate.gate} ({gate.before} → {gate.after})" for gate in changes.gates if gate.worse]
    levels = [
        f"{load.profile} {load.level} ({_difference(load.difference, load)})"
        for load in loads
        if load.verdict == "worse"
    ]
    lost = [f"{each.name} (measured → absent)" for each in changes.measures if each.lost]
    return gates + levels + lost


def _load_rows(loads: Sequence[LoadChange]) -> Iterator[str]:
    told = set()
    for load in loads:
        if load.verdict != "not comparable":
            unit = "%" if load.level == "errors" else "ms"
            before, after = (_level(value, unit) for value in (load.before, load.after))
            yield _row(f"{load.profile} {load.level}", before, after, _verdict(load))
        elif load.profile not in told:
            told.add(load.profile)
            yield f"{load.profile} not comparable: {load.reason}"


def _verdict(load: LoadChange) -> str:
    if load.difference is None:
        return f"{load.verdict} ({load.slices[0]} and {load.slices[1]} seconds)"
    interval = f"({_difference(load.lower, load)} .. {_difference(load.upper, load)})"
    return f"{_difference(load.difference, load)} {interval}  {_MARKS.get(load.verdict, load.verdict)}"


def _difference(value: float | None, load: LoadChange) -> str:
    unit = "points" if load.level == "errors" else "%"
    digits = 2 if load.level == "errors" else 1
    return "?" if value is None else f"{value:+.{digits}f} {unit}"


def _changed(measure: MeasureChange) -> str:
    """The unit, and by how much the value changed where that can be said."""
    if not measure.before or measure.after is None or measure.after == measure.before:
        return measure.unit
    return f"{measure.unit}  {100 * (measure.after - measure.before) / abs(measure.before):+.1f} %"


def _row(name: str, before: str, after: str, rest: str = "") -> str:
    return f"{name:<{_NAME}} {before:>{_VALUE}} {after:>{_VALUE}}  {rest}".rstrip()


def _number(value: float | None) -> str:
    return "absent" if value is None else f"{value:g}"


def _level(value: float | None, unit: str) -> str:
    return "absent" if value is None else f"{value:.3g} {unit}"
