"""The timeline: t0 injected, t1 first breach, t2 removed, t3 first success, t4 steady again. Pure."""

from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.span import Span
from battery.chaos.recovery.steady import Hypothesis
from battery.model.frozen import Frozen


class Timeline(Frozen, frozen=True, kw_only=True):
    """Times in seconds from the beginning of the series; None where it was never seen.

    A watcher that shall say "> 60 s" watches for 60 s and one `window` after the removal. `relapse` is the first breach after
    the window that counted as steady: the recovery stands as measured, and a reader should know. `latest` is when steady state
    began at the latest: later than `steady` where the prober was late about then. It was blind for `blind` seconds of the trial's
    windows; `starved` says why that is too much of the baseline or of the fault, or of a watch that saw no end.
    """

    hypothesis: Hypothesis
    marks: Marks
    window: float
    until: float
    breach: float | None
    success: float | None
    steady: float | None
    relapse: float | None
    latest: float | None
    blind: float = 0.0
    starved: str = ""

    @property
    def detect(self) -> float | None:
        """t1 - t0; 0 for a fault that showed before it was acknowledged, None when nothing was breached."""
        return None if self.breach is None else max(self.breach - self.marks.injected, 0.0)

    @property
    def first_success(self) -> Span:
        """t3 - t2: the first lucky answer, which is not recovery."""
        return self._after(self.marks.removed, self.success, self.until)

    @property
    def recovery(self) -> Span:
        """t4 - t2 as it was seen."""
        return self._after(self.marks.removed, self.steady, self.until - self.window)

    @property
    def recovery_at_latest(self) -> Span:
        """The longest that it may have been: what the gate judges."""
        return self._after(self.marks.removed, self.latest, self.until - self.window)

    @property
    def outage(self) -> Span | None:
        """t4 - t1; None when nothing was breached."""
        if self.breach is None:
            return None
        return self._after(self.breach, self.steady, self.until - self.window)

    @property
    def problem(self) -> str:
        """Why this says nothing about the target; empty when it does."""
        if self.hypothesis.problem:
            return f"not steady before the fault: {self.hypothesis.problem}"
        return self.starved

    @property
    def words(self) -> str:
        """One line for people."""
        if self.problem:
            return self.problem
        if self.breach is None:
            told = "the steady state was never breached"
        else:
            told = f"first breach {self.detect:.2f} s after the injection, first success {self.first_success} after the removal"
        told += f", steady again {self.recovery} after the removal"
        if self.recovery_at_latest != self.recovery:
            told += f" ({self.recovery_at_latest} at the latest: the prober was late then)"
        if self.relapse is not None:
            told += f"; it failed again {self.relapse - self.marks.removed:.2f} s after the removal"
        return told

    @staticmethod
    def _after(begin: float, end: float | None, watched: float) -> Span:
        if end is None:
            return Span(seconds=max(watched - begin, 0.0), censored=True)
        return Span(seconds=max(end - begin, 0.0))
