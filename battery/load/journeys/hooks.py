"""Hooks: Locust's events, with listeners' exceptions counted instead of swallowed."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from locust.event import EventHook, Events
from locust.exception import InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser

# Raised on purpose, to steer a user.
STEERING = (StopUser, StopTest, RescheduleTask, RescheduleTaskImmediately, InterruptTaskSet)


class LoudHook(EventHook):
    """Runs every listener, and tells of each that raised."""

    def __init__(self, before: EventHook, name: str, on_fault: Callable[[str], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Locust leaves it untyped
        self._handlers = list(before._handlers)  # noqa: SLF001 -- Locust offers no way to read them
        self._name, self._on_fault = name, on_fault

    def fire(self, *, reverse: bool = False, **arguments: Any) -> None:
        """Call the listeners in order."""
        for listener in self._handlers[::-1] if reverse else list(self._handlers):
            try:
                listener(**arguments)
            except STEERING:
                raise
            except Exception:  # noqa: BLE001 -- a listener may raise anything
                logging.getLogger(__name__).error(
                    "a listener of the event %s raised\n%s", self._name, traceback.format_exc()
                )
                self._on_fault(f"an exception in a listener of {self._name}")


def make_loud(events: Events, on_fault: Callable[[str], None]) -> None:
    """Replace all hooks; before the locustfile is imported, which adds listeners to them."""
    for name, hook in list(vars(events).items()):
        if isinstance(hook, EventHook):
            setattr(events, name, LoudHook(hook, name, on_fault))
