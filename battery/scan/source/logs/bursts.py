"""Bursts: many failed logins in a short time, by the clock of the log or, without one, by how close the lines stand.

The battery's own scans of a target fail logins on purpose. They are not left out: what the battery writes into its
requests anybody can write, few logs keep it, and a stranger can come while the battery runs.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from battery.model.frozen import Frozen
from battery.scan.interface import Found
from battery.scan.source.logs.failure import Failure
from battery.scan.target.asked import AGENT

FEWEST, SECONDS, NEAR_LINES = 20, 60.0, 200


class Burst(Frozen, frozen=True, kw_only=True):
    """Failures from one line to another; `naming` of them name the battery's agent."""

    first: Failure
    last: Failure
    count: int
    naming: int


def bursts(failures: Iterable[Failure]) -> Iterator[Burst]:
    """The bursts in the failures of one log; one that goes on is one."""
    recent: deque[Failure] = deque(maxlen=FEWEST)
    open_since: Failure | None = None
    count = naming = 0
    for failure in failures:
        before = recent[-1] if recent else failure
        recent.append(failure)
        if len(recent) == FEWEST and _near(recent[0], failure):
            if open_since is None:
                open_since, count, naming = recent[0], FEWEST, sum(one.names_battery for one in recent)
            else:
                count, naming = count + 1, naming + failure.names_battery
        elif open_since is not None:
            yield Burst(first=open_since, last=before, count=count, naming=naming)
            open_since = None
            recent.clear()  # no failure belongs to two bursts
            recent.append(failure)
    if open_since is not None:
        yield Burst(first=open_since, last=recent[-1], count=count, naming=naming)


def burst_found(burst: Burst) -> Found:
    """The detection; it says when the burst was, for who has to tell the battery's own runs from strangers."""
    return Found(
        rule="logs.auth-failure-burst",
        where=burst.first.part,
        line=burst.first.line,
        content=burst.first.seal,
        excerpt=f"{burst.count} failed logins, never fewer than {FEWEST} in {SECONDS:g} s, up to line "
        f"{burst.last.number}{_when(burst)}{_whose(burst)}",
    )


def _near(first: Failure, last: Failure) -> bool:
    if first.time is not None and last.time is not None:
        return abs(last.time - first.time) <= SECONDS
    return last.number - first.number <= NEAR_LINES


def _when(burst: Burst) -> str:
    if burst.first.time is None or burst.last.time is None:
        return ""
    first, last = (datetime.fromtimestamp(time, UTC) for time in (burst.first.time, burst.last.time))
    return f", from {first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S} by the log's clock"


def _whose(burst: Burst) -> str:
    if not burst.naming:
        return ""
    return f"; {burst.naming} of these lines name {AGENT}, as the battery's requests do, but anybody's can"
