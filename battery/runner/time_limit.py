"""The time limit of a check: an alarm that interrupts it, again and again if it does not stop."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

_AGAIN = 5.0


class CheckOverran(BaseException):
    """A check took longer than its limit. Not an Exception, so that a check cannot swallow it by accident."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Interrupt the block after so many seconds.

    Raises: CheckOverran inside the block.
    """

    def overran(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- the shape of a signal handler
        raise CheckOverran(f"took longer than its limit of {seconds:g} s")

    before = signal.signal(signal.SIGALRM, overran)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
