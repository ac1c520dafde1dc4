"""The journey snapshot: a snapshot whose endpoints are numbers of names that came up on the way."""

from collections import Counter

import msgspec

from battery.load.journeys.names import Names
from battery.load.snapshot import Counts, Series, Snapshot
from battery.model.frozen import Frozen


class JourneySnapshot(Frozen, frozen=True, kw_only=True):
    """One second of one journeys process.

    `names` are all names so far: a series' endpoint is an index into them. `faults` counts, since the start, what the
    locustfile's own code did wrong, and `exceptions` what its tasks raised, by text. `in_flight_known` is false where
    users speak a protocol whose requests are only seen when they have ended: those that never ended are in no count.
    """

    snapshot: Snapshot
    names: tuple[str, ...]
    faults: dict[str, int] = {}
    exceptions: dict[str, int] = {}
    in_flight_known: bool = True


def renumbered(said: JourneySnapshot, names: Names) -> Snapshot:
    """The snapshot with the numbers of `names`, which all processes of a run share; it learns the names it lacks."""
    merged: dict[tuple[int, int], Series] = {}
    for series in said.snapshot.series:
        moved = msgspec.structs.replace(series, endpoint=names.number(said.names[series.endpoint]))
        key = (moved.stage, moved.endpoint)
        merged[key] = _sum(merged[key], moved) if key in merged else moved
    return msgspec.structs.replace(said.snapshot, series=tuple(merged.values()))


def _sum(one: Series, other: Series) -> Series:
    """Two series of one name: past the limit of names several become one."""
    return Series(
        stage=one.stage,
        endpoint=one.endpoint,
        planned=one.planned + other.planned,
        sent=one.sent + other.sent,
        ok=one.ok + other.ok,
        failed=one.failed + other.failed,
        errors=dict(Counter(one.errors) + Counter(other.errors)),
        response=_both(one.response, other.response),
        service=_both(one.service, other.service),
        retried=one.retried + other.retried,
    )


def _both(one: Counts, other: Counts) -> Counts:
    return dict(Counter(one) + Counter(other))
