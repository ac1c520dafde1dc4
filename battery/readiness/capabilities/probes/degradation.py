"""Graceful degradation: the level at rest, under pressure and after it; what is spared, and what must go on."""

from collections.abc import Callable

from battery.model.capabilities import Call, DegradationShown
from battery.model.quantity import seconds
from battery.readiness.capabilities.capability import Known
from battery.readiness.capabilities.degradation import DegradationFacts
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.ports import Pressure
from battery.readiness.capabilities.probes.traffic import Traffic
from battery.readiness.capabilities.probes.waiting import until

_ESSENTIAL_TRIES = 5
_LONGEST = 60  # characters of a level that stand in a report


def probe_degradation(
    asker: Asker, shown: DegradationShown, pressure: Pressure, tell: Callable[[str], None]
) -> DegradationFacts:
    """Press once, and let go."""
    rest = _at_rest(asker, shown, tell)
    if why := pressure.obstacle():
        tell(why)
        return DegradationFacts(level_at_rest=rest)
    with Traffic(asker, shown.traffic):
        return _pressed(asker, shown, pressure, tell, rest)


def _pressed(
    asker: Asker, shown: DegradationShown, pressure: Pressure, tell: Callable[[str], None], rest: str
) -> DegradationFacts:
    patience = seconds(shown.patience)
    spare_at_rest = _is_on(asker, shown)
    with pressure.pressed() as prove:
        under = until(lambda: _level(asker, shown), lambda level: level not in ("", rest), patience)
        off = _is_off(asker, shown) if spare_at_rest else None
        essential = _holds(asker, shown.essential)
        proof = prove()
        tell(proof.detail)
    after = until(lambda: _level(asker, shown), lambda level: level == rest, patience)
    returned = until(lambda: _is_on(asker, shown), bool, patience) if off else None
    if not proof.seen:
        # Whatever moved, it was not this pressure.
        return DegradationFacts(level_at_rest=rest, level_after=after)
    return DegradationFacts(
        level_at_rest=rest,
        level_under_pressure=under,
        level_after=after,
        spare_switched_off=off,
        essential_held=essential,
        spare_returned=returned,
    )


def _at_rest(asker: Asker, shown: DegradationShown, tell: Callable[[str], None]) -> str:
    """The level before anything is done; one that is short of something already is given time."""
    level = until(
        lambda: _level(asker, shown), lambda now: now == (shown.rest or now), seconds(shown.patience)
    )
    if shown.rest and level != shown.rest:
        tell(f'its level is "{level}" and not "{shown.rest}" while nothing is done to it')
    return level


def _level(asker: Asker, shown: DegradationShown) -> str:
    value = asker.value(shown.level)
    return "" if value is None else str(value)[:_LONGEST]


def _is_on(asker: Asker, shown: DegradationShown) -> bool:
    answer = asker.ask(shown.spare) if shown.spare else None
    return answer is not None and answer.ok and not answer.is_as(shown.off)


def _is_off(asker: Asker, shown: DegradationShown) -> Known:
    return shown.spare is not None and asker.ask(shown.spare).is_as(shown.off)


def _holds(asker: Asker, essential: Call | None) -> Known:
    if essential is None:
        return None
    return all(asker.ask(essential, number=number).ok for number in range(_ESSENTIAL_TRIES))
