"""The sitting: takes each second of a running profile, keeps it, tells it, and says when the run is to end early."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import msgspec

from battery.load.instrument import LoadRequest
from battery.load.progress_text import one_second
from battery.load.resources import Watch
from battery.load.sharing import all_stages
from battery.load.soak.cadence import deviation, told_at_all
from battery.load.soak.checkpoint import Checkpoint
from battery.load.soak.hopeless import Hopeless, Outlook
from battery.load.soak.leg import Span, absorb, leg_of
from battery.load.soak.minutes import Minutes
from battery.load.soak.spool import Spool
from battery.load.tally import Slice, Tally
from battery.model.gate import Rule
from battery.model.profile import Shape
from battery.model.quantity import seconds
from battery.recording import Record

_MOST_STEPS = 2000  # how often the bar moves in a run of any length
_SHORTEST_LEG = 1.0
_SURE_SHARE = 0.05  # of the run must have been watched before a growth may end it
_LOOK_EVERY = 3
_MARGIN = 1.5
_DEVIATIONS = 5.0  # Poisson arrivals are hardly ever more than so many standard deviations above their mean


class Sitting:
    """One sitting of one profile; an earlier one that was killed is gone on from."""

    def __init__(
        self,
        record: Record,
        request: LoadRequest,
        rules: Sequence[Rule],
        watch: Watch | None,
        now: Callable[[], datetime],
    ) -> None:
        self._record, self._asked, self._rules, self._watch, self._now = record, request, rules, watch, now
        self._choice = request.definition.load
        self._every = seconds(self._choice.checkpoint)
        self.spool = Spool(record.work)
        self._checkpoint = Checkpoint(record.work)
        self._began = now()
        self._minutes = Minutes(self._every)
        self._name = f"load.{request.profile.id.lower()}"
        self._step = max(1, int(request.shape.seconds / _MOST_STEPS))
        self.earlier = self._checkpoint.earlier if request.resumable else ()
        self._base = Tally((), lambda _: None)
        for number, leg in enumerate(self.earlier, 1):
            absorb(self._base, leg, f"leg{number}")
        self.request = self._left()
        self._stages = all_stages(self.request.shape)
        self._before = self._checkpoint.counted() if self.earlier else 0.0
        self._first = self._since_start()
        self._counted = 0
        self._best = 0

    def __enter__(self) -> Self:
        """Open the spool where the last checkpoint left it."""
        if self.earlier:
            self.spool.begin(self.earlier[-1].last, self.earlier[-1].spool)
        else:
            self.spool.begin()
        self.spool.__enter__()
        if said := self._deviation():
            self._record.tell(said)
        for gap in self.gaps():
            self._record.tell(f"goes on after {self._before:.0f} s that are kept; {gap}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the spool; it stays where the check did not come to its end."""
        self.spool.__exit__(kind, error, trace)

    def gaps(self) -> tuple[str, ...]:
        """The times that nobody watched, in words."""
        return tuple(gap.text for gap in self._checkpoint.gaps(self._began)) if self.earlier else ()

    def look(self, tally: Tally, second: Slice) -> Hopeless | None:
        """Take one second; why the run shall end early, or nothing.

        Raises: StoreError when it cannot be kept.
        """
        moved = msgspec.structs.replace(second, second=second.second + self._first)
        reading = self._watch.read(moved.second) if self._watch else None
        self.spool.add(moved)
        if reading is not None:
            self.spool.add(reading)
        counted = self._stages[second.stage].counted
        if counted:
            self._counted += 1
            self._best = max(self._best, second.sent)
        if second.second % self._step == 0:
            done = (self._before + second.second + 1) / self._asked.shape.seconds
            self._record.progress(done, one_second(second, reading, self.request))
        line = self._minutes.add(moved, reading, counted=counted)
        return self._minute(tally, moved, line) or self._hopeless(tally, second)

    def _deviation(self) -> str:
        """Where a soak is not told and kept as it was asked to be; a short profile was never asked."""
        if self._asked.profile.id != "P4" or self._asked.intensity != "full":
            return ""
        return deviation(self._choice.checkpoint, self._asked.shape.seconds, resumable=self._asked.resumable)

    def _minute(self, tally: Tally, second: Slice, line: str) -> Hopeless | None:
        """Tell a full minute, keep a checkpoint, and look for a growth that is clear."""
        if not line or not told_at_all(self._asked.shape.seconds, self._every):
            return None
        passed = self._before + second.second - self._first
        self._record.tell(f"{_clock(passed)} of {_clock(self._asked.shape.seconds)} {line}")
        span = Span(
            began=self._began,
            told=self._now(),
            first=self._first,
            last=second.second,
            counted=float(self._counted),
        )
        if self.request.resumable:
            self._checkpoint.write(leg_of(tally, span, self.spool.sync()))
        old_enough = self._before + self._counted >= _SURE_SHARE * self._asked.shape.seconds
        if not self._choice.stop_on_growth or not old_enough:
            return None
        return self._minutes.clear_growth(self._rules, self._name)

    def _hopeless(self, tally: Tally, second: Slice) -> Hopeless | None:
        """Every few seconds: looking through a histogram takes time that the target may need."""
        if not self._choice.abort_on_fail or second.second % _LOOK_EVERY:
            return None
        counted = frozenset(index for index, stage in enumerate(self._stages) if stage.counted)
        # A locustfile numbers its own requests, which are no endpoints.
        slugs = [] if self._choice.locustfile else [each.slug for each in self.request.definition.endpoint]
        outlook = Outlook(self._rules, self._name, slugs, counted)
        return outlook.hopeless((self._base, tally), self._total(second.stage))

    def _total(self, stage: int) -> float:
        """How many counted requests there can be at most, all sittings together.

        A closed profile tells that in its last stage only: how many requests more users make, nobody knows before.
        """
        counted = [each for each in self._stages if each.counted]
        before = self._base.ledger().planned
        if self.request.profile.model == "closed":
            if stage < len(self._stages) - 1:
                return math.inf
            return before + _MARGIN * self._best * sum(each.seconds for each in counted)
        planned = sum((each.rate_from + each.rate_to) / 2 * each.seconds for each in counted)
        return before + planned + _DEVIATIONS * math.sqrt(planned)

    def _left(self) -> LoadRequest:
        """What is still to be run: all of it, or what the earlier sittings did not count."""
        if not self.earlier:
            return self._asked
        shape = self._asked.shape
        stage = shape.stages[0]
        left = max(seconds(stage.duration) - self._checkpoint.counted(), _SHORTEST_LEG)
        shorter = Shape(
            warmup=shape.warmup, stages=(msgspec.structs.replace(stage, duration=f"{left:.0f} s"),)
        )
        return self._asked.with_shape(shorter)

    def _since_start(self) -> int:
        """How many seconds after the first sitting this one begins; the gap shows in the time slices."""
        if not self.earlier:
            return 0
        passed = int((self._began - self.earlier[0].began).total_seconds())
        return max(passed, self.earlier[-1].last + 1)


def _clock(passed: float) -> str:
    minutes, rest = divmod(int(passed), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
