"""Waits for a state, as long as a crowded machine may take."""

import time
from collections.abc import Callable

PATIENCE = 30.0


def wait_until(state: Callable[[], bool], what: str) -> None:
    """Return as soon as the state holds; fail when it never does."""
    until = time.monotonic() + PATIENCE
    while not state():
        assert time.monotonic() < until, f"never came true in {PATIENCE:g} s: {what}"
        time.sleep(0.01)
