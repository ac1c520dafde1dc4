"""The time limit of a check: an alarm that interrupts it, again and again if it does not stop."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

GRACE = 5.0
ALARMS = 3


class CheckOverran(BaseException):
    """A check took longer than its limit. Not an Exception, so that a check cannot swallow it by accident."""


@contextlib.contextmanager
def time_limit(
    seconds: float, give_up: Callable[[], None] = lambda: None, *, grace: float = GRACE
) -> Iterator[None]:
    """Interrupt the block after so many seconds, and after each grace that its clean-up lets pass; give up on a
    block that swallows every interruption.

    Raises: CheckOverran inside the block.
    """
    alarms = 0
    is_over = False

    def overran(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- the shape of a signal handler
        nonlocal alarms
        if is_over:
            return
        alarms += 1
        if alarms > ALARMS:
            give_up()
        raise CheckOverran(f"took longer than its limit of {seconds:g} s")

    before = signal.signal(signal.SIGALRM, overran)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), grace)
    try:
        yield
    finally:
        is_over = True  # first: an alarm that comes from here on finds nothing to interrupt
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
