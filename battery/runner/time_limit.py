"""The time limit of a check: an alarm that interrupts it, again and again if it does not stop."""

import contextlib
import gc
import signal
from collections.abc import Callable, Iterator
from types import FrameType

GRACE = 5.0
_AGAIN = 0.005
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
    alarms, put_off = 0, 0.0
    is_over = False

    def overran(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- the shape of a signal handler
        nonlocal alarms, put_off
        if is_over:
            return
        if put_off < grace and _would_be_swallowed(frame):
            put_off += _AGAIN
            signal.setitimer(signal.ITIMER_REAL, _AGAIN, grace)
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


def _would_be_swallowed(frame: FrameType | None) -> bool:
    """Whether the alarm came inside a finaliser or a collector's callback: Python reports an exception raised there
    and drops it, and the check would go on as if no time were up.
    """
    callbacks = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    while frame is not None:
        if frame.f_code.co_name == "__del__" or frame.f_code in callbacks:
            return True
        frame = frame.f_back
    return False
