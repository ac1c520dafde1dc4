"""Inference: from arrivals at a dependency and the target's answers, what its circuit breaker did. Pure.

A breaker is open where calls go on and nothing arrives: a gap with at least five calls that would have arrived before the
fault. It is a breaker, and not a target that hangs, when the calls in its gaps were answered, and fast. It has closed at
the first answered arrival after the removal behind which most of the next five calls arrive and succeed again.

That it never opened is said only where more calls had failed before the removal than any breaker waits for: one that
counts up to a hundred, or stands before a client that is patient, is not broken because it was watched too briefly.

Nothing else may use the dependency meanwhile: a ready path that looks past the breaker hides the gap.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from statistics import median

import msgspec

from battery.chaos.breaker.arrival import Arrival
from battery.chaos.breaker.finding import BreakerFinding, Trial
from battery.chaos.breaker.scene import GAP, Gap, Scene, just_after
from battery.chaos.recovery.level import level_of
from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.probe import Probe

# The largest number of calls that a common library wants to have seen by default (resilience4j, Polly).
ENOUGH = 100
LEAST_BEFORE = 20
LEAST_CALLS = 10
_MOST = 0.6
_ANSWERED = 0.8
_ONE_TRIAL = 2  # calls between two arrivals that still belong to one trial
_CROWD_SECONDS = 1.0
_EDGE = 0.05  # from the end of a call that waited to the next one that takes its place


def infer(
    calls: Sequence[Probe], arrivals: Sequence[Arrival], marks: Marks, enough: int = ENOUGH
) -> BreakerFinding:
    """What the breaker did. `calls` are probes of one request that needs the dependency; both in the order of time.

    `enough` failed calls open it, whatever else is set.
    """
    before = [call for call in calls if call.done < marks.begun]
    arrived = sum(arrival.at < marks.begun for arrival in arrivals)
    if len(before) < LEAST_BEFORE:
        return _unknown(f"{len(before)} calls before the fault, at least {LEAST_BEFORE} are needed")
    if not arrived:
        return _unknown(
            f"none of {len(before)} calls before the fault reached the dependency: is the tap in its path?"
        )
    scene = Scene(calls, arrivals, min(1.0, arrived / len(before)))
    during = scene.calls(marks.injected, marks.removed)
    if scene.expected(during) < LEAST_CALLS:
        return _unknown(
            f"{len(during)} calls during the outage, {scene.reach:.0%} of which would arrive while all is well: "
            f"at least {LEAST_CALLS} must"
        )
    fast = level_of(before[0].request, before, before[-1].done - before[0].at).slow
    return _opening(scene, marks, fast, enough)


def _opening(scene: Scene, marks: Marks, fast: float, enough: int) -> BreakerFinding:
    gaps = _open_gaps(scene, marks)
    if not gaps:
        return _unopened(scene, marks, enough)
    shed = [call for gap in gaps for call in gap.calls]
    found = _opened(scene, marks, gaps, shed)
    answered = sum(call.status > 0 for call in shed)
    if answered >= _ANSWERED * len(shed) and median(call.took for call in shed) <= fast:
        return _closing(scene, marks, found)
    told = (
        f"no breaker seen: arrivals stopped, but of {len(shed)} calls meanwhile {answered} were answered, "
        f"in {median(call.took for call in shed) * 1000:.0f} ms at the median "
        f"(fast is up to {fast * 1000:.0f} ms): the target hangs rather than fails fast"
    )
    return msgspec.structs.replace(found, reason=told)


def _unopened(scene: Scene, marks: Marks, enough: int) -> BreakerFinding:
    """No gap: no breaker, or one that had no reason to open."""
    during = scene.calls(marks.injected, marks.removed)
    arrived = scene.arrivals(marks.injected, marks.removed)
    failed = _failed(scene, marks)
    found = BreakerFinding(kind="never opened", reason="", calls=len(during), arrived=len(arrived))
    told = (
        f"{len(arrived)} arrivals at the dependency for {len(during)} calls during the outage, "
        f"of which {failed} had failed before its end"
    )
    if failed >= enough:
        return msgspec.structs.replace(found, reason=f"no breaker seen: {told}; {enough} are enough")
    if arrived and all(arrival.ok for arrival in arrived):
        # A connection that says nothing and stays open is under way for ever.
        slowest = max((arrival.took for arrival in arrived if arrival.took < inf), default=0.0)
        told = f"all {len(arrived)} arrivals were answered, the slowest after {slowest:.1f} s: no failure to open for"
        return msgspec.structs.replace(found, kind="not needed", reason=told)
    return msgspec.structs.replace(found, kind="unknown", reason=_too_few(told, failed, enough))


def _failed(scene: Scene, marks: Marks) -> int:
    """Calls that failed at the dependency and ended while it was away; several attempts of one call are one."""
    attempts = sum(
        not arrival.ok and arrival.done < marks.removed
        for arrival in scene.arrivals(marks.injected, marks.removed)
    )
    return min(
        attempts, sum(call.done < marks.removed for call in scene.calls(marks.injected, marks.removed))
    )


def _open_gaps(scene: Scene, marks: Marks) -> list[Gap]:
    """The gaps but for those in which all that the target has for this dependency waited there: a full pool is no breaker."""
    found: list[Gap] = []
    full = False
    for gap in scene.gaps(marks.injected, marks.removed):
        last, before = gap.calls[-1].at, scene.arrivals(marks.begun, gap.begin)
        waiting = [each.done for each in before if each.done > last]
        failed = any(not each.ok and each.done <= last for each in before)
        if gap.end < marks.removed:  # it ended with the waiting
            full = any(done <= gap.end + _EDGE for done in waiting)
        # Else as the one before it. Where nothing had failed, no breaker could have counted anything.
        full = bool(waiting) and (full or not failed)
        if not full:
            found.append(gap)
    return found


def _too_few(told: str, failed: int, enough: int) -> str:
    return (
        f"{told}; {failed} failed calls are fewer than the {enough} that it may wait for: say on its [[dependency]] "
        "after how many it opens, breaker_calls = NUMBER, or run at a higher intensity, which holds the fault for longer"
    )


def _opened(scene: Scene, marks: Marks, gaps: Sequence[Gap], shed: Sequence[Probe]) -> BreakerFinding:
    """The numbers of an opening, whatever it was."""
    begin = next((gap for gap in gaps if gap.is_answered), gaps[0]).begin
    slow = [call.took for call in scene.calls(marks.injected, begin)]
    trials = _trials(scene, begin, marks)
    times = [begin - marks.injected, *(trial.at for trial in trials)]
    steps = [later - earlier for earlier, later in pairwise(times)]
    return BreakerFinding(
        kind="hung",
        reason="",
        calls=len(scene.calls(marks.injected, marks.removed)),
        arrived=len(scene.arrivals(marks.injected, marks.removed)),
        opened=times[0],
        threshold=sum(not arrival.ok for arrival in scene.arrivals(marks.begun, begin)),
        slow=median(slow) if slow else None,
        fast=median(call.took for call in shed),
        trials=trials,
        interval=median(steps) if steps else None,
    )


def _trials(scene: Scene, opened: float, marks: Marks) -> tuple[Trial, ...]:
    """Arrivals after the opening; those with hardly a call between them are one trial."""
    groups: list[list[float]] = []
    for arrival in scene.arrivals(opened, marks.removed):
        if groups and len(scene.calls(groups[-1][-1], arrival.at)) <= _ONE_TRIAL:
            groups[-1].append(arrival.at)
        else:
            groups.append([arrival.at])
    return tuple(Trial(at=group[0] - marks.injected, arrivals=len(group)) for group in groups)


def _closing(scene: Scene, marks: Marks, found: BreakerFinding) -> BreakerFinding:
    after, back = scene.calls(marks.removed, float("inf")), scene.arrivals(marks.removed, float("inf"))
    opened = f"opened {found.opened:.2f} s after the injection, after {found.threshold} failed arrivals"
    for arrival in back:
        if arrival.ok and _flows(scene, arrival.at):
            closed = arrival.at - marks.removed
            told = f"{opened}; closed {closed:.2f} s after the removal"
            crowd = _crowd(scene, marks, found, just_after(arrival.at))
            return msgspec.structs.replace(
                found, kind="closed again", closed=closed, reason=told, crowd=crowd
            )
    watched = after[-1].at - marks.removed if after else 0.0
    told = f"{len(back)} arrivals for {len(after)} calls in the {watched:.1f} s after the removal"
    if scene.expected(after) < LEAST_CALLS:
        briefly = f"{opened}; watched too briefly to see it close: {told}"
        return msgspec.structs.replace(found, kind="unknown", reason=briefly)
    crowd = _crowd(scene, marks, found, marks.removed)  # whatever comes later, it is not let through to try
    return msgspec.structs.replace(
        found, kind="never closed", reason=f"{opened}; never closed: {told}", crowd=crowd
    )


def _crowd(scene: Scene, marks: Marks, found: BreakerFinding, end: float) -> int:
    """The most arrivals within a second from the opening on."""
    times = [arrival.at for arrival in scene.arrivals(marks.injected + (found.opened or 0.0), end)]
    return max(
        (bisect_left(times, time + _CROWD_SECONDS) - index for index, time in enumerate(times)), default=0
    )


def _flows(scene: Scene, begin: float) -> bool:
    """Whether most of the next calls arrive and succeed."""
    following = scene.calls(begin, float("inf"))[:GAP]
    if len(following) < GAP:
        return False
    arrived = len(scene.arrivals(just_after(begin), max(call.done for call in following)))
    return arrived >= scene.reach * _MOST * GAP and sum(call.ok for call in following) >= _MOST * GAP


def _unknown(reason: str) -> BreakerFinding:
    return BreakerFinding(kind="unknown", reason=reason)
