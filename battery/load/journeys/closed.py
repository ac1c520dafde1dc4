"""The closed model: N users on their journeys, with Locust's own waits; their number steps at the stages' edges."""

from time import perf_counter_ns

import gevent
from gevent.event import Event

from battery.load.job import Job
from battery.load.journeys.crowd import Crowd
from battery.load.journeys.mix import next_class
from battery.load.journeys.traveller import Traveller
from battery.load.journeys.wakeup import hub_wakeup

_NS = 1_000_000_000
# A user who had to leave pauses: without it, a target that refuses would be hit as fast as this machine can.
_PAUSE = 0.1


class ClosedModel:
    """Users are made ahead of a stage, so that at its edge they only have to start."""

    lag_source = "none: closed"

    def __init__(self, job: Job, crowd: Crowd) -> None:
        self._job, self._crowd = job, crowd
        self._wanted = 0
        self._staying: list[Traveller] = []
        self._ready: list[Traveller] = []
        self._stopped = False
        self._edge = Event()
        self._wakeup = hub_wakeup(self._edge.set)

    def start(self, zero_ns: int) -> None:
        """Plan the stage changes."""
        gevent.spawn(self._walk, zero_ns)

    def waiting(self) -> int:
        """Nobody waits in a closed model."""
        return 0

    def tick(self, now: int) -> None:
        """Nothing expires but requests in flight."""

    def behind(self, until: int) -> bool:  # noqa: ARG002 -- the shape of a model
        """Nothing is planned ahead."""
        return False

    def finish(self, until: int) -> None:  # noqa: ARG002 -- the shape of a model
        """Users leave when their request has ended."""
        self._stopped = True
        self._wakeup.close()
        for traveller in self._staying:
            self._crowd.dismiss(traveller)

    def abandon(self) -> int:
        """Nobody waits to begin."""
        return 0

    def _walk(self, zero: int) -> None:
        at = zero
        for stage in self._job.stages:
            self._make_ready(stage.users)
            self._sleep_until(at)
            if self._stopped:
                return
            self._wanted = stage.users
            self._fill()
            at += int(stage.seconds * _NS)

    def _make_ready(self, wanted: int) -> None:
        """Make the users that will be missing, and let others run in between."""
        while not self._stopped and len(self._staying) + len(self._ready) < wanted:
            counts = [0] * len(self._crowd.classes)
            for traveller in (*self._staying, *self._ready):
                counts[traveller.kind] += 1
            classes = self._crowd.classes
            kind = next_class(
                [each.weight for each in classes], [each.fixed_count for each in classes], counts
            )
            made = self._crowd.make(kind)
            if made is None:
                return
            self._ready.append(made)
            gevent.sleep(0)

    def _sleep_until(self, due: int) -> None:
        while not self._stopped and perf_counter_ns() < due:
            self._edge.clear()
            self._wakeup.at(due)
            self._edge.wait(1.0)

    def _fill(self) -> None:
        """As many users as the stage wants, the last to come being the first to go."""
        while len(self._staying) > self._wanted:
            self._crowd.dismiss(self._staying.pop())
        self._make_ready(self._wanted)
        while self._ready and len(self._staying) < self._wanted and not self._stopped:
            traveller = self._ready.pop(0)
            self._staying.append(traveller)
            self._crowd.enter(traveller, _live, self._gone)

    def _gone(self, traveller: Traveller) -> None:
        """Whoever left without being asked to is replaced."""
        if traveller in self._staying:
            self._staying.remove(traveller)
            if not self._stopped:
                gevent.spawn_later(_PAUSE, self._fill)


def _live(traveller: Traveller) -> None:
    traveller.user.run()
