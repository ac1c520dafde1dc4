"""Continuing stopped processes, and seeing that they are."""

import signal
import time
from collections.abc import Iterable

from battery.chaos.process.identity import ProcessIdentity, is_stopped, send

PATIENCE = 2.0
_POLL_SECONDS = 0.01
_LOOKS = 3  # somebody else may stop them again: one look between two stops would see them run


def continue_all(members: Iterable[ProcessIdentity]) -> tuple[ProcessIdentity, ...]:
    """SIGCONT to each; who is still stopped after a while.

    Raises: PermissionError when one is another user's; the others are continued all the same.
    """
    everyone, refused = tuple(members), None
    for member in everyone:
        try:
            send(member, signal.SIGCONT)
        except PermissionError as error:
            refused = error
    if refused is not None:
        raise refused
    return _still_stopped(everyone)


def _still_stopped(members: tuple[ProcessIdentity, ...]) -> tuple[ProcessIdentity, ...]:
    until, calm = time.monotonic() + PATIENCE, 0
    while True:
        left = tuple(member for member in members if is_stopped(member))
        calm = 0 if left else calm + 1
        if calm >= _LOOKS or time.monotonic() >= until:
            return left
        time.sleep(_POLL_SECONDS)
