"""The run: a journey job from its common start to the last snapshot."""

import time
from collections.abc import Callable
from itertools import accumulate
from time import perf_counter_ns
from typing import Protocol

import gevent
from locust.env import Environment

from battery.load.generator.usage import CpuMeter, Share, resident_bytes
from battery.load.journeys.crowd import Crowd
from battery.load.journeys.job import JourneyJob
from battery.load.journeys.loading import BadLocustfile
from battery.load.journeys.snapshot import JourneySnapshot
from battery.load.snapshot import Snapshot

TICK = 0.05
_NS = 1_000_000_000
# How long after the end arrivals that are late by a hair may still leave; what is behind by more is dropped.
_CATCH_UP = 0.1
_LISTENER_SECONDS = 5.0
# A closed model that begins late would not show it otherwise: it has no schedule to be late for.
_LATE = 0.1


class Model(Protocol):
    """Decides when journeys begin."""

    lag_source: str

    def start(self, zero_ns: int) -> None:
        """Begin; stage 0 starts at `zero_ns` of the monotonic clock."""
        ...

    def waiting(self) -> int:
        """How many arrivals wait for a user."""
        ...

    def tick(self, now: int) -> None:
        """Called often: expire what waits too long."""
        ...

    def behind(self, until: int) -> bool:
        """Whether something that was due by then is still to begin."""
        ...

    def finish(self, until: int) -> None:
        """Plan nothing more; what was due by then and has not begun is dropped."""
        ...

    def abandon(self) -> int:
        """Fail what still waits to begin; how many that were."""
        ...


class Run:
    """One job at work. `stopped` may be set from a thread: then nothing more is planned."""

    def __init__(
        self,
        work: JourneyJob,
        environment: Environment,
        crowd: Crowd,
        model: Model,
        emit: Callable[[JourneySnapshot], None],
    ) -> None:
        self.stopped = False
        self._job, self._environment, self._crowd, self._model = work.job, environment, crowd, model
        self._recorder = crowd.recorder
        self._emit = emit
        self._dropped = 0
        self._cpu = CpuMeter()
        self._share = Share()

    @property
    def trouble(self) -> BadLocustfile | None:
        """Why the locustfile cannot be used; None when it can."""
        return self._crowd.trouble

    def work(self) -> None:
        """Send, let what is under way end, tell the rest; cut short where the locustfile cannot be used."""
        recorder = self._recorder
        recorder.zero = perf_counter_ns() + int((self._job.start - time.time()) * _NS)  # noqa: TID251 -- generators on several machines share only the wall clock
        if perf_counter_ns() - recorder.zero > _LATE * _NS:
            recorder.faults["not ready at the common start"] += 1
        self._model.start(recorder.zero)
        *_, seconds = accumulate(stage.seconds for stage in self._job.stages)
        second = self._send(recorder.zero, recorder.zero + int(seconds * _NS))
        if self._crowd.trouble is None:
            unfinished = self._grace()
            self._notify()
            self._emit(self._snapshot(second, last=True, unfinished=unfinished))

    def _send(self, zero: int, end: int) -> int:
        """Tell each second until all is sent; the number of the second after."""
        second = 0
        while (now := perf_counter_ns()) < end and not self._ends_early():
            gevent.sleep(min(TICK, (end - now) / _NS))
            self._tick()
            elapsed = perf_counter_ns() - zero
            if elapsed < 0:
                self._cpu.restart()
            elif elapsed >= (second + 1) * _NS:
                self._share = self._cpu.read()
                self._emit(self._snapshot(second))
                second = elapsed // _NS
        until = min(end, perf_counter_ns())
        limit = until + int(_CATCH_UP * _NS)
        while self._model.behind(until) and perf_counter_ns() < limit and self._crowd.trouble is None:
            gevent.sleep(0)
        self._recorder.over = True
        self._model.finish(until)
        if until - zero > second * _NS:
            self._share = self._cpu.read()
            self._emit(self._snapshot(second))
            second += 1
        return second

    def _ends_early(self) -> bool:
        self.stopped = self.stopped or self._crowd.stop_wanted
        return self.stopped or self._crowd.trouble is not None

    def _grace(self) -> int:
        """Let what was sent or waits end, for one deadline at most; what has not ended then has failed."""
        recorder, crowd = self._recorder, self._crowd
        limit = perf_counter_ns() + int(self._job.deadline * _NS)
        while self._unsettled() and perf_counter_ns() < limit:
            gevent.sleep(0.01)
            self._tick()
        left = recorder.abandon() + self._model.abandon()
        crowd.clear()
        for traveller in list(crowd.present.values()):
            recorder.settle(traveller, cut_short=True)
        return left

    def _unsettled(self) -> bool:
        return bool(self._recorder.in_flight or self._model.waiting() or self._crowd.present)

    def _notify(self) -> None:
        """Tell the locustfile's listeners, who may not hold up the end for long."""
        events = self._environment.events
        for event in (events.test_stopping, events.test_stop, events.quitting):
            gevent.spawn(event.fire, environment=self._environment).join(_LISTENER_SECONDS)

    def _tick(self) -> None:
        self._model.tick(perf_counter_ns())
        self._recorder.fold()

    def _newly_dropped(self) -> int:
        """Those since the snapshot before: a sitting that dies must not take them along."""
        before, self._dropped = self._dropped, self._recorder.dropped
        return self._dropped - before

    def _snapshot(self, second: int, *, last: bool = False, unfinished: int = 0) -> JourneySnapshot:
        recorder, crowd = self._recorder, self._crowd
        series, lag, shortages = recorder.take()
        snapshot = Snapshot(
            worker=self._job.worker,
            second=second,
            stage=recorder.stage_at(perf_counter_ns()),
            series=series,
            lag=lag,
            in_flight=len(recorder.in_flight),
            waiting=self._model.waiting(),
            connections=len(crowd.present),
            cpu=self._share.cpu,
            starved=self._share.starved,
            rss=resident_bytes(),
            lag_source=self._model.lag_source,
            last=last,
            stopped=self.stopped,
            dropped=self._newly_dropped(),
            unfinished=unfinished,
            shortages=shortages,
            run=self._job.run,
        )
        return JourneySnapshot(
            snapshot=snapshot,
            names=recorder.names.all(),
            faults=dict(recorder.faults),
            exceptions=dict(recorder.exceptions.counts()),
            in_flight_known=not (recorder.foreign or any(each.foreign for each in crowd.present.values())),
        )
