"""What counts as a lie of ready."""

import msgspec
import pytest

from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.measuring import timeline
from battery.chaos.recovery.probe import Probe, Series
from battery.chaos.scenarios.ready_lies import lies
from battery.chaos.scenarios.trial import Trial


def probes(request: str, *, good: int, bad: int) -> list[Probe]:
    """Probes ten times a second from the injection at 10 s on; the bad ones first."""
    return [
        Probe(request=request, at=10 + number / 10, lag=0.0, latency=0.01, ok=number >= bad)
        for number in range(good + bad)
    ]


def trial(*seen: Probe) -> Trial:
    series = Series(period=0.1, timeout=2.0, requests=("ready", "orders"), probes=seen, until=20.0)
    marks = Marks(begun=10.0, injected=10.0, removed=15.0)
    # Whether the prober was late is not the question here: probes before the fault are left out.
    line = msgspec.structs.replace(timeline(series, marks), starved="")
    return Trial(fault="down", story="", repeat=1, series=series, removing=14.0, timeline=line)


YES, NO = probes("ready", good=40, bad=0), probes("ready", good=0, bad=40)
BROKEN, SOUND = probes("orders", good=0, bad=40), probes("orders", good=40, bad=0)


@pytest.mark.parametrize(
    ("seen", "writes", "number", "words"),
    [
        ((*YES, *BROKEN), (0, 0), 1, "ready said yes 30 times out of 30"),
        ((*YES, *SOUND), (0, 20), 1, "20 of 20 writes were not served in time"),
        ((*probes("ready", good=38, bad=2), *BROKEN), (0, 0), 1, "ready said yes 38 times out of 40"),
        ((*NO, *BROKEN), (0, 0), 0, "ready said so"),
        ((*YES, *SOUND), (20, 20), 0, "could serve"),
        ((*YES[:12], *BROKEN), (0, 0), None, "ready answered only 2 times"),
        ((*NO[:6], *BROKEN), (0, 0), 0, "ready said so"),
        ((*NO[:2], *BROKEN), (0, 0), None, "ready answered only 2 times"),
        ((*probes("ready", good=2, bad=10), *BROKEN), (0, 0), 0, "ready said so"),
        ((*probes("ready", good=7, bad=3), *BROKEN), (0, 0), 1, "ready said yes 7 times out of 10"),
        ((*YES[:1], *NO[1:4], *YES[4:10], *BROKEN), (0, 0), 1, "ready said yes 6 times out of 9"),
        (YES, (0, 0), None, "nothing that needs the database was asked"),
    ],
)
def test_ready_lies_when_it_mostly_says_yes_while_most_is_not_served(
    seen: tuple[Probe, ...], writes: tuple[int, int], number: int | None, words: str
) -> None:
    told = lies(trial(*seen), "orders", writes)
    assert told[0] == number
    assert words in told[1]


def test_a_fault_that_was_not_tried_tells_nothing() -> None:
    assert lies(Trial(fault="down", story="", repeat=1, problem="no way"), "orders", (0, 0)) == (
        None,
        "down: no way",
    )


def test_what_a_late_prober_saw_is_no_lie() -> None:
    told = trial(*YES, *BROKEN)
    assert told.timeline is not None
    late = msgspec.structs.replace(told.timeline, starved="the prober was late")
    assert lies(msgspec.structs.replace(told, timeline=late), "orders", (0, 0)) == (
        None,
        "down: the prober was late",
    )
