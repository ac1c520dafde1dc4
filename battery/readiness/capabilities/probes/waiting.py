"""Waiting for a state: asked again and again until it is there or patience ends."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_PERIOD = 0.1


def until(look: Callable[[], T], is_there: Callable[[T], bool], seconds: float, period: float = _PERIOD) -> T:
    """The first look that shows the state, or the last one when patience is over."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if is_there(seen) or time.monotonic() >= end:
            return seen
        time.sleep(period)
