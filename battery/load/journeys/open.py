"""The open model: each arrival begins a journey, whatever became of those before it."""

from collections import deque
from random import Random
from time import perf_counter_ns
from typing import NamedTuple

import gevent
from gevent.event import Event
from locust.exception import StopTest, StopUser

from battery.load.job import Job
from battery.load.journeys.crowd import Crowd
from battery.load.journeys.mix import next_class
from battery.load.journeys.tasks import Walk
from battery.load.journeys.traveller import Traveller
from battery.load.journeys.wakeup import hub_wakeup
from battery.load.schedule import arrivals, arrivals_between

_NS = 1_000_000_000
_NEVER = 1 << 62
_BATCH = 64  # answers are read between batches, however late the schedule is
_AHEAD = 16  # users who are there before the first arrival
_PAUSE = 100_000_000  # ns after a user could not start


class Arrival(NamedTuple):
    """A journey that has no user yet."""

    due: int
    stage: int


class OpenModel:
    """Users wait in a pool for each class. An arrival for which none is free has one made; past the limit it waits."""

    def __init__(self, job: Job, crowd: Crowd) -> None:
        self._job, self._crowd = job, crowd
        self._schedule = arrivals(
            job.stages, job.arrivals, Random(f"{job.seed}:{job.worker}:arrivals"), job.phase
        )
        self._random = Random(f"{job.seed}:{job.worker}:classes")
        self._weights = [each.weight for each in crowd.classes]
        self._wakeup = hub_wakeup(self._wake)
        self.lag_source = f"{self._wakeup.source} on gevent"
        self._free: list[dict[Traveller, Event]] = [{} for _ in crowd.classes]
        self._queues: list[deque[Arrival]] = [deque() for _ in crowd.classes]
        self._starting = [0] * len(crowd.classes)
        self._users = 0
        self._wanted = Event()
        self._not_before = 0
        self._deadline = int(job.deadline * _NS)
        self._zero = 0
        self._due, self._stage = _NEVER, 0
        self._stopped = False

    def start(self, zero_ns: int) -> None:
        """Let a few users in ahead of time, then wait for the first arrival."""
        self._zero = zero_ns
        counts = [0] * len(self._weights)
        for _ in range(min(_AHEAD, self._job.connections)):
            kind = next_class(self._weights, [0] * len(counts), counts)
            counts[kind] += 1
            self._admit(kind)
        self._advance()
        self._wakeup.at(self._due)
        gevent.spawn(self._admit_for_waiting)

    def waiting(self) -> int:
        """Arrivals without a user."""
        return sum(len(queue) for queue in self._queues)

    def tick(self, now: int) -> None:
        """An arrival that has waited a whole deadline has timed out, as a user would say."""
        for queue in self._queues:
            while queue and now - queue[0].due > self._deadline:
                arrival = queue.popleft()
                self._crowd.recorder.expire(arrival.stage, arrival.due)

    def behind(self, until: int) -> bool:
        """Whether the next arrival was due by then."""
        return self._due <= until

    def finish(self, until: int) -> None:
        """Plan nothing more, and see off whoever is free."""
        self._stopped = True
        self._wakeup.close()
        if self._due <= until:
            due, end = (self._due - self._zero) / _NS, (until - self._zero) / _NS
            for stage, count in enumerate(arrivals_between(self._job.stages, due, end)):
                self._crowd.recorder.drop(stage, count=count)
        self._due = _NEVER
        for traveller in list(self._crowd.present.values()):
            if traveller.started and not self._queues[traveller.kind]:
                self._free[traveller.kind].pop(traveller, None)
                self._crowd.dismiss(traveller)

    def abandon(self) -> int:
        """Fail the arrivals that still wait, and the journeys that have not come to a request."""
        recorder = self._crowd.recorder
        left = [arrival for queue in self._queues for arrival in queue]
        for queue in self._queues:
            queue.clear()
        for traveller in self._crowd.present.values():
            if traveller.due:
                left.append(Arrival(traveller.due, traveller.stage))
                traveller.due = 0
        for arrival in left:
            recorder.expire(arrival.stage, arrival.due)
        return len(left)

    def _wake(self) -> None:
        """Hand out all that is due, then sleep until the next arrival. Runs in the hub: nothing here may block."""
        now = perf_counter_ns()
        for _ in range(_BATCH):
            if self._due > now:
                break
            self._arrive(now)
            self._advance()
            now = perf_counter_ns()
        self._wakeup.at(self._due)

    def _arrive(self, now: int) -> None:
        kind = self._random.choices(range(len(self._weights)), self._weights)[0]
        if self._free[kind]:
            traveller, called = self._free[kind].popitem()
            traveller.depart(self._due, self._stage)
            called.set()
        else:
            self._crowd.recorder.lag.append((now - self._due) // 1000)
            self._queues[kind].append(Arrival(self._due, self._stage))
            self._wanted.set()

    def _advance(self) -> None:
        upcoming = next(self._schedule, None)
        if upcoming is None:
            self._due = _NEVER
        else:
            self._due, self._stage = self._zero + int(upcoming[0] * _NS), upcoming[1]

    def _live(self, traveller: Traveller) -> None:
        """A pooled user: on_start once, then one journey for each arrival that it is called for."""
        user, called = traveller.user, Event()
        walk = Walk(self._crowd, traveller)
        try:
            try:
                user.on_start()
            finally:
                self._starting[traveller.kind] -= 1
            self._crowd.recorder.settle(traveller)
            self._crowd.started(traveller)
            while True:
                self._await_call(traveller, called)
                walk.journey()
        except (gevent.GreenletExit, StopUser, StopTest) as leaving:
            self._crowd.stop_wanted = self._crowd.stop_wanted or isinstance(leaving, StopTest)
            walk.end()
            user.on_stop()

    def _await_call(self, traveller: Traveller, called: Event) -> None:
        """Take the arrival that waits longest, or wait to be called.

        The lag of a call counts to the moment at which the user's own greenlet runs, for only then can it send.
        """
        queue = self._queues[traveller.kind]
        if queue:
            traveller.depart(*queue.popleft())
            return
        if traveller.leaving or self._stopped:
            raise StopUser
        self._free[traveller.kind][traveller] = called
        if self.waiting():
            self._wanted.set()  # another class may take this one's place
        called.wait()
        called.clear()
        self._crowd.recorder.lag.append((perf_counter_ns() - traveller.due) // 1000)

    def _admit_for_waiting(self) -> None:
        """Let users in while arrivals wait for them."""
        while True:
            self._wanted.wait()
            gevent.sleep(max(self._not_before - perf_counter_ns(), 0) / _NS)
            self._wanted.clear()
            for kind, queue in enumerate(self._queues):
                while self._starting[kind] < len(queue) and self._room(kind):
                    if not self._admit(kind):
                        return
                    gevent.sleep(0)

    def _room(self, kind: int) -> bool:
        """Whether one more user may come; one of another class who is free makes room."""
        if self._users < self._job.connections:
            return True
        for other, free in enumerate(self._free):
            if other != kind and free:
                self._crowd.dismiss(free.popitem()[0])
                return False  # its leaving will be told
        return False

    def _admit(self, kind: int) -> bool:
        traveller = self._crowd.make(kind)
        if traveller is None:
            return False
        self._users += 1
        self._starting[kind] += 1
        self._crowd.enter(traveller, self._live, self._gone)
        return True

    def _gone(self, traveller: Traveller) -> None:
        self._users -= 1
        self._free[traveller.kind].pop(traveller, None)
        if not traveller.started:
            self._not_before = perf_counter_ns() + _PAUSE
        self._wanted.set()
