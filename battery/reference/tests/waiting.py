"""Waiting for a state."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60.0


def until(holds: Callable[[], bool]) -> None:
    """Look until it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
