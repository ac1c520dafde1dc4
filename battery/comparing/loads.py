"""Two runs' loads: whether latency and errors of each profile differ, beyond chance and beyond what matters."""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean, median
from typing import TYPE_CHECKING, Literal

from battery.comparing.series import error_shares, relative
from battery.comparing.side import Side
from battery.load.tally import Slice
from battery.model.frozen import Frozen
from battery.statistics import Comparison, compare

if TYPE_CHECKING:
    from random import Random

ERROR_POINTS = 0.1  # a tenth of what G3 allows by default
LoadVerdict = Literal["better", "worse", "same", "unclear", "not enough slices", "not comparable"]
LevelName = Literal["p50", "p99", "errors"]
LEVELS: tuple[LevelName, ...] = ("p50", "p99", "errors")
Seeded = Callable[[str], "Random"]


class LoadChange(Frozen, frozen=True, kw_only=True):
    """One level of one profile in both runs.

    `before` and `after` are the median second's p50 or p99 in ms, or the mean second's share of failed requests in
    percent. The difference and its two-sided 95 % interval are in percent of the older run's same stage for
    latencies, in percentage points for errors. `slices` says how many seconds each run gave.
    """

    profile: str
    level: LevelName
    verdict: LoadVerdict
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    lower: float | None = None
    upper: float | None = None
    slices: tuple[int, int] = (0, 0)
    reason: str = ""


def compare_loads(
    before: Side, after: Side, seeded: Seeded, *, minimum_effect: float
) -> tuple[LoadChange, ...]:
    """Every profile that both runs have, level by level; `minimum_effect` is a share of the older run's latency.

    Raises: EvidenceCorrupt.
    """
    shared = sorted(before.profiles().keys() & after.profiles().keys())
    return tuple(
        change for profile in shared for change in _changes(before, after, profile, seeded, minimum_effect)
    )


def _changes(
    before: Side, after: Side, profile: str, seeded: Seeded, minimum_effect: float
) -> Iterator[LoadChange]:
    if reason := _incomparable(before, after, profile):
        for level in LEVELS:
            yield LoadChange(profile=profile, level=level, verdict="not comparable", reason=reason)
        return
    old, new = before.seconds(profile), after.seconds(profile)
    yield _latency(profile, "p50", lambda second: second.p50, (old, new), seeded, minimum_effect)
    yield _latency(profile, "p99", lambda second: second.p99, (old, new), seeded, minimum_effect)
    yield _errors(profile, (old, new), seeded)


def _incomparable(before: Side, after: Side, profile: str) -> str:
    """Why the two loads cannot be held against each other; empty when they can."""
    for name, side in (("older", before), ("newer", after)):
        item = side.evidence(profile)
        if item.status != "measured":
            return f"its check is {item.status} in the {name} run"
        broken = [proof for proof in item.proofs if not proof.ok]
        if broken or not item.proofs:
            proof = f"{broken[0].name}: {broken[0].detail}" if broken else "there is no proof"
            return f"the instrument did not prove itself in the {name} run ({proof})"
    kinds = ("model or stages", "endpoints", "engine or locustfile")
    pairs = zip(kinds, before.load(profile), after.load(profile), strict=True)
    other = [kind for kind, old, new in pairs if old != new]
    return f"another load was sent: other {' and '.join(other)}" if other else ""


def _latency(
    profile: str,
    name: Literal["p50", "p99"],
    level: Callable[[Slice], float],
    runs: tuple[list[Slice], list[Slice]],
    seeded: Seeded,
    minimum_effect: float,
) -> LoadChange:
    old, new = relative(*runs, level)
    found = compare(old, new, seeded(f"{profile}:{name}"), minimum_effect=minimum_effect)
    return LoadChange(
        profile=profile,
        level=name,
        verdict=_verdict(found),
        before=_level(median, [level(second) for second in runs[0]]),
        after=_level(median, [level(second) for second in runs[1]]),
        difference=_percent(found.difference),
        lower=_percent(found.lower),
        upper=_percent(found.upper),
        slices=(len(runs[0]), len(runs[1])),
    )


def _errors(profile: str, runs: tuple[list[Slice], list[Slice]], seeded: Seeded) -> LoadChange:
    old, new = (error_shares(seconds) for seconds in runs)
    # A rate is not a percentile: the mean second's is the level, and a median second without errors would hide it.
    found = compare(old, new, seeded(f"{profile}:errors"), minimum_effect=ERROR_POINTS, statistic=fmean)
    return LoadChange(
        profile=profile,
        level="errors",
        verdict=_verdict(found),
        before=_level(fmean, old),
        after=_level(fmean, new),
        difference=found.difference,
        lower=found.lower,
        upper=found.upper,
        slices=(len(runs[0]), len(runs[1])),
    )


def _verdict(found: Comparison) -> LoadVerdict:
    return "not enough slices" if found.difference is None else found.verdict


def _level(statistic: Callable[[Sequence[float]], float], values: Sequence[float]) -> float | None:
    return statistic(values) if values else None


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
