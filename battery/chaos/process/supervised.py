"""A target that the user's own supervisor keeps running: found again after each restart, the restarts counted."""

import time
from collections.abc import Callable

import msgspec

from battery.chaos.process.door import Door
from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.family import descendants
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import ProcessIdentity, name_of
from battery.chaos.process.listening import serving

_POLL_SECONDS = 0.05
Find = Callable[[], GivenProcess]


class Supervised:
    """Watches which process the target is; `find` raises ProcessFailed while there is none."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._last: ProcessIdentity | None = None
        self.restarts = 0
        self.trouble = ""

    def look(self) -> GivenProcess | None:
        """The process of the moment; none while there is none, and then `trouble` says why."""
        try:
            found = self._find()
        except ProcessFailed as error:
            self.trouble = str(error)
            return None
        self.trouble = ""
        if self._last is not None and found.identity != self._last:
            self.restarts += 1
        self._last = found.identity
        return found

    def wait_for_another(self, than: ProcessIdentity, seconds: float) -> GivenProcess:
        """Wait until the supervisor has brought up another process.

        Raises: ProcessFailed when there is none in time.
        """
        until = time.monotonic() + seconds
        while True:
            found = self.look()
            if found is not None and found.identity is not None and found.identity.pid != than.pid:
                return found
            if time.monotonic() >= until:
                why = self.trouble or f"{name_of(than)} is still the target's"
                raise ProcessFailed(f"the supervisor brought up no other process within {seconds:g} s: {why}")
            time.sleep(_POLL_SECONDS)


def child_of(supervisor: GivenProcess, door: Door | None) -> Find:
    """Finds the child of a supervisor that serves at the door; where no door is told, its only child.

    The process that it finds carries a doubt where nobody can tell which of several is meant.
    """

    def find() -> GivenProcess:
        children = descendants(supervisor.one)
        if not children:
            raise ProcessFailed(f"{supervisor} has no child at the moment")
        if door is not None:
            return serving(supervisor, door, below=True)
        only = GivenProcess(identity=children[0], given=f"child of {supervisor}, {supervisor.given}")
        if len(children) > 1:
            names = ", ".join(map(name_of, children))
            doubt = f"{names} descend from {supervisor}: name the one that serves with [process] pid_file"
            return msgspec.structs.replace(only, doubt=doubt)
        return only

    return find
