"""Every planted defect there is."""

from collections.abc import Iterable
from difflib import get_close_matches

from battery.reference.defects import (
    breaker_never_closes,
    breaker_never_opens,
    cut_answers,
    degrading,
    descriptor_leak,
    doubled_writes,
    errors,
    leak,
    lost_writes,
    no_recovery,
    pool_leak,
    ready_lies,
    shutdown_drops,
    thread_leak,
    wrong_answers,
)
from battery.reference.defects.defect import Defect
from battery.reference.defects.resilience_catalogue import RESILIENCE
from battery.reference.defects.security_catalogue import SECURITY

CATALOGUE: tuple[Defect, ...] = (
    leak.DEFECT,
    degrading.DEFECT,
    errors.DEFECT,
    wrong_answers.DEFECT,
    cut_answers.DEFECT,
    thread_leak.DEFECT,
    descriptor_leak.DEFECT,
    no_recovery.DEFECT,
    breaker_never_opens.DEFECT,
    breaker_never_closes.DEFECT,
    lost_writes.DEFECT,
    doubled_writes.DEFECT,
    pool_leak.DEFECT,
    shutdown_drops.DEFECT,
    ready_lies.DEFECT,
    *SECURITY,
    *RESILIENCE,
)
NAMES = tuple(defect.name for defect in CATALOGUE)


class UnknownDefect(ValueError):
    """No defect has the name that was given."""


def checked(name: str) -> str:
    """The name, if a defect has it.

    Raises: UnknownDefect with the nearest name and the list of all.
    """
    if name in NAMES:
        return name
    near = get_close_matches(name, NAMES, 1, cutoff=0.5)
    meant = f"did you mean {near[0]}? " if near else ""
    raise UnknownDefect(f"there is no defect {name!r}: {meant}There are: {', '.join(NAMES)}")


def chosen(names: Iterable[str]) -> frozenset[str]:
    """The names as a set.

    Raises: UnknownDefect for the first that no defect has.
    """
    return frozenset(map(checked, names))
