"""The sitting: takes each second of a running profile, keeps it, tells it, and says when the run is to end early."""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import msgspec

from battery.load.instrument import LoadRequest
from battery.load.progress_text import one_second
from battery.load.resources import Watch
from battery.load.sharing import all_stages
from battery.load.soak.checkpoint import Checkpoint
from battery.load.soak.hopeless import Outlook
from battery.load.soak.leg import Span, leg_of
from battery.load.soak.minutes import Minutes
from battery.load.soak.spool import Spool
from battery.load.tally import Slice, Tally
from battery.model.gate import Rule
from battery.model.profile import Shape
from battery.model.quantity import seconds
from battery.recording import Record

_MOST_STEPS = 2000  # how often the bar moves in a run of any length
_SHORTEST_LEG = 1.0


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
        self._told = -1
        self._step = max(1, int(request.shape.seconds / _MOST_STEPS))
        self.earlier = self._checkpoint.earlier if len(request.shape.stages) == 1 else ()
        self.request = self._left()
        self._stages = all_stages(self.request.shape)
        self._before = self._checkpoint.counted() if self.earlier else 0.0
        self._first = self._since_start()
        self._counted = 0
        self._best = 0

    def __enter__(self) -> Self:
        """Open the spool where the last checkpoint left it."""
        self.spool.cut(self.earlier[-1].last if self.earlier else -1)
        self.spool.__enter__()
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

    def look(self, tally: Tally, second: Slice) -> str:
        """Take one second; why the run shall end early, or nothing."""
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
        return self._minute(tally, moved, line) or self._hopeless(tally)

    def _minute(self, tally: Tally, second: Slice, line: str) -> str:
        """Tell a full minute, keep a checkpoint, and look for growth that no rest of the run undoes."""
        if not line or self._asked.shape.seconds <= 2 * self._every:
            return ""
        self._record.tell(f"{_clock(self._before + second.second - self._first)} {line}")
        span = Span(
            began=self._began,
            told=self._now(),
            first=self._first,
            last=second.second,
            counted=float(self._counted),
        )
        if self.request.resumable:
            self._checkpoint.write(leg_of(tally, span))
        return self._minutes.clear_growth(self._rules, self._name) if self._choice.stop_on_growth else ""

    def _hopeless(self, tally: Tally) -> str:
        if not self._choice.abort_on_fail:
            return ""
        counted = frozenset(index for index, stage in enumerate(self._stages) if stage.counted)
        slugs = [endpoint.slug for endpoint in self.request.definition.endpoint]
        return Outlook(self._rules, self._name, slugs, counted).hopeless(tally, self._total())

    def _total(self) -> float:
        """How many counted requests there can be at most, as far as anybody knows."""
        counted = [stage for stage in self._stages if stage.counted]
        if self.request.profile.model == "closed":
            return self._best * sum(stage.seconds for stage in counted)
        return sum((stage.rate_from + stage.rate_to) / 2 * stage.seconds for stage in counted)

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
