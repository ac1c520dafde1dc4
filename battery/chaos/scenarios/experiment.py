"""The experiment: steady state, fault, proof, removal, and the watch until steady state is back."""

import time
from collections.abc import Callable

from battery.chaos.budget import ErrorBudget, Window, spent
from battery.chaos.faults.interface import Effect, Fault, FaultFailed, FaultRefused
from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.measuring import timeline
from battery.chaos.recovery.prober import Prober
from battery.chaos.recovery.timeline import Timeline
from battery.chaos.scenarios.glance import LATELY, glance
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.undo.outcome import UndoFailed
from battery.chaos.undo.stack import UndoStack
from battery.errors import BatteryError

_LOOK_SECONDS = 0.1
_LONGER = 15.0
_REST = 9  # times as long as a look took
Tell = Callable[[str], None]
Keep = Callable[[Trial], None]


class Experiment:
    """Runs faults one after the other under one prober; each is promised before and removed after, whatever happens."""

    def __init__(
        self, prober: Prober, stack: UndoStack, pace: Pace, tell: Tell, keep: Keep = lambda _: None
    ) -> None:
        """`keep` gets each trial as it ends: the next one may be cut off."""
        self._prober, self._stack, self._pace, self._tell, self._keep = prober, stack, pace, tell, keep
        self._calm_since = 0.0
        self._windows: list[Window] = []
        self._lost = ""

    def under(self, prober: Prober) -> "Experiment":
        """The same experiment under another prober, which has just begun."""
        return Experiment(prober, self._stack, self._pace, self._tell, self._keep)

    def kept(self, trial: Trial) -> Trial:
        """The trial, which is kept: one of those that were run, or one that could not be begun."""
        self._keep(trial)
        return trial

    def run(
        self,
        fault: Fault,
        repeat: int = 1,
        *,
        hold: float | None = None,
        before: Callable[[], None] = lambda: None,
        after: Callable[[], None] = lambda: None,
    ) -> Trial:
        """One trial. `before` is called right before the injection; `after` is called once the fault is removed, before the watch: what the operator would do then.

        Raises: UndoFailed when the fault could not be taken back: nothing else may be tried then.
        """
        return self.kept(self._run(fault, repeat, self._pace.hold if hold is None else hold, before, after))

    def _run(
        self, fault: Fault, repeat: int, hold: float, before: Callable[[], None], after: Callable[[], None]
    ) -> Trial:
        if obstacle := fault.obstacle():
            return Trial(fault=fault.name, story=fault.describe(), repeat=repeat, problem=obstacle)
        if self._lost:
            why = f"not tried: the target never came back from {self._lost}"
            return Trial(fault=fault.name, story=fault.describe(), repeat=repeat, problem=why, needless=True)
        if why := self._wait_steady(fault) or self._over_budget():
            return Trial(fault=fault.name, story=fault.describe(), repeat=repeat, problem=why)
        before()
        begun = self._prober.now()
        try:
            number = self._stack.inject(fault)
        except UndoFailed:
            raise
        except (FaultRefused, FaultFailed, BatteryError) as error:
            return Trial(fault=fault.name, story=fault.describe(), repeat=repeat, problem=str(error))
        injected = self._prober.now()
        try:
            effect = self._hold(fault, injected, hold)
        finally:
            removing = self._prober.now()
            self._stack.remove(number)
        marks = Marks(begun=begun, injected=injected, removed=self._prober.now())
        after()
        found = self._watch(fault, marks)
        self._calm_since = self._prober.now() - self._pace.window
        self._windows.append(Window(begin=marks.begun, end=found.steady))
        self._lost = fault.name if found.steady is None and not found.problem else ""
        return Trial(
            fault=fault.name,
            story=fault.describe(),
            repeat=repeat,
            effect=effect,
            removing=removing,
            timeline=found,
            series=self._prober.series(),
        )

    def _wait_steady(self, fault: Fault) -> str:
        """Let a whole baseline pass since the last trial, and longer where the target is not steady yet.

        Why the fault must not be injected; empty where the target is steady.
        """
        found: Timeline | None = None
        patience = self._prober.now() + self._pace.baseline + self._pace.patience
        while (now := self._prober.now()) < patience:
            calm, began = now - self._calm_since, time.monotonic()
            if calm >= self._pace.baseline:
                found = self._look(Marks(begun=now, injected=now, removed=now))
                if not found.problem:
                    return ""
            self._tell(f"{fault.name}: steady for {max(calm, 0.0):.1f} s, {self._glance()}")
            _rest(began)
        if found is not None and not found.hypothesis.problem:
            return f"nothing was injected: {found.problem}"
        return f"nothing was injected into a target that fails by itself: {found.problem if found else 'no baseline was seen'}"

    def _over_budget(self) -> str:
        """Why nothing more is tried on a target that fails too often while no fault stands; empty where it does not."""
        probes = self._prober.series().probes
        used = spent(ErrorBudget(planned=len(probes)), probes, self._windows)
        return used.words if used.used_up else ""

    def _hold(self, fault: Fault, injected: float, hold: float) -> Effect:
        """Prove the fault as long as it stands, and once more at the end: a fault that was seen must still stand then."""
        seen: Effect | None = None
        while True:
            effect = fault.prove() if seen is None else seen
            seen = effect if effect.seen else None
            passed = self._prober.now() - injected
            if passed >= hold:
                return effect if seen is None else _to_the_end(seen, fault.prove())
            self._tell(f"{fault.name}: fault stands for {passed:.1f} s, {self._glance()}; {effect.meter}")
            time.sleep(min(_LOOK_SECONDS, hold - passed))

    def _watch(self, fault: Fault, marks: Marks) -> Timeline:
        """Until steady state is back, or for as long as must be watched to say that it is not."""
        while True:
            began = time.monotonic()
            found = self._look(marks)
            passed = self._prober.now() - marks.removed
            if found.latest is not None or found.recovery_at_latest.seconds >= self._pace.watch:
                return found
            if passed >= self._pace.watch + _LONGER:
                return found  # the probes themselves have no end: what is known is a lower bound
            self._tell(f"{fault.name}: recovering for {passed:.1f} s, {self._glance()}")
            _rest(began)

    def _look(self, marks: Marks) -> Timeline:
        return timeline(self._prober.series(), marks, window=self._pace.window, baseline=self._pace.baseline)

    def _glance(self) -> str:
        return glance(self._prober.lately(LATELY))


def _rest(began: float) -> None:
    """The prober shares this process: looking, which began then, must never take the time that it needs."""
    time.sleep(max(_LOOK_SECONDS, _REST * (time.monotonic() - began)))


def _to_the_end(seen: Effect, last: Effect) -> Effect:
    """What its meter read last, which is the whole of a burst; one that was gone before its removal ended by another hand, nobody knows when."""
    if last.seen:
        return last
    return Effect(
        seen=False, ended_early=True, meter=f"{seen.meter}; but right before its removal: {last.meter}"
    )
