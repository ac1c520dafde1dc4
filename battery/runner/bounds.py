"""Bounds: no phase of a check lasts longer than it may, and none ends the run."""

import time
from collections.abc import Callable, Generator
from os import _exit

import pytest

from battery.runner.confinement import confined
from battery.runner.time_limit import time_limit

TEARDOWN_LIMIT = 30.0  # what a check changed must be undone, also by one that overran
UNSTOPPABLE = 2  # undecided: the check is recorded as errored, the run goes on with --resume


class Bounds:
    """The plugin around setup, call and teardown, inside all others: what it interrupts is the check alone.

    `give_up` keeps what is to be kept of a check that swallows every interruption, before the process ends.
    """

    def __init__(self, give_up: Callable[[], None]) -> None:
        self._give_up = give_up
        self.ends = 0.0

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        return (yield from self._bounded(self.ends - time.monotonic()))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        return (yield from self._bounded(self.ends - time.monotonic()))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        return (yield from self._bounded(TEARDOWN_LIMIT))

    def _bounded(self, seconds: float) -> Generator[None, object, object]:
        with time_limit(seconds, self._end_process), confined():
            return (yield)

    def _end_process(self) -> None:
        self._give_up()
        _exit(UNSTOPPABLE)
