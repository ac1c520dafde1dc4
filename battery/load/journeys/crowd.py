"""The crowd: the users that are there, each in a greenlet of its own, and how they leave."""

import logging
import sys
import traceback
from collections.abc import Callable
from typing import Any

import gevent
from gevent.pool import Group
from locust import FastHttpUser, HttpUser, User
from locust.env import Environment
from locust.exception import StopTest, StopUser
from locust.user.task import LOCUST_STATE_STOPPING, LOCUST_STATE_WAITING

from battery.load.journeys.loading import BadLocustfile, told
from battery.load.journeys.recorder import Recorder
from battery.load.journeys.traveller import Traveller

_LEAVING = (gevent.GreenletExit, StopUser, StopTest)
_log = logging.getLogger(__name__)


class Crowd:
    """Makes users, lets them live, and sees them off. `trouble` is set when the locustfile cannot be used at all."""

    def __init__(self, environment: Environment, classes: list[type[User]], recorder: Recorder) -> None:
        self.classes, self.recorder = classes, recorder
        self.trouble: BadLocustfile | None = None
        self.stop_wanted = False
        self.present: dict[int, Traveller] = {}
        self._environment = environment
        self._here: dict[int, Traveller] = {}
        self._group = Group()
        self._anyone_started = False

    def make(self, kind: int) -> Traveller | None:
        """A user of the class with this number; None when it cannot be made."""
        user_class = self.classes[kind]
        try:
            user = user_class(self._environment)
        except Exception as error:  # noqa: BLE001 -- a user's code may raise anything
            self._cannot_be_used(f"{user_class.__name__} cannot be made", error)
            return None
        return Traveller(user, kind, foreign=not isinstance(user, (HttpUser, FastHttpUser)))

    def enter(
        self, traveller: Traveller, live: Callable[[Traveller], None], gone: Callable[[Traveller], None]
    ) -> None:
        """Let a user live; `gone` is called when it has left."""
        user = traveller.user
        greenlet = gevent.Greenlet(self._live, traveller, live)
        traveller.greenlet = user._greenlet = greenlet  # noqa: SLF001 -- as User.start does
        user._group = self._group  # noqa: SLF001 -- as User.start does
        self.present[id(user)] = self._here[id(greenlet)] = traveller
        greenlet.link(lambda _: self._leave(traveller, gone))
        self._group.start(greenlet)

    def of(self, user: Any) -> Traveller | None:
        """The traveller who is this user."""
        return self.present.get(id(user))

    def here(self) -> Traveller | None:
        """The traveller in whose greenlet this is called."""
        return self._here.get(id(gevent.getcurrent()))

    def started(self, traveller: Traveller) -> None:
        """A user got through its on_start."""
        traveller.started = self._anyone_started = True

    def dismiss(self, traveller: Traveller) -> None:
        """See a user off: at once when it has no request under way, else when that has ended."""
        traveller.leaving = True
        user = traveller.user
        waits = user._state == LOCUST_STATE_WAITING  # noqa: SLF001 -- as User.stop does
        user._state = LOCUST_STATE_STOPPING  # noqa: SLF001 -- as User.stop does
        unseen = traveller.foreign or self.recorder.foreign
        if waits or not (unseen or traveller.due or self._busy(traveller)):
            gevent.get_hub().loop.run_callback(self._end, traveller)

    def may_go_on(self, traveller: Traveller | None) -> bool:
        """Whether the user may begin one more request; an arrival's first one was due before the end."""
        if traveller is not None and traveller.due:
            return True
        return not (self.recorder.over or (traveller is not None and traveller.leaving))

    def clear(self) -> None:
        """Make everybody leave at once."""
        self._group.kill(block=False)
        self._group.join(timeout=1.0)

    def _end(self, traveller: Traveller) -> None:
        """From the hub: end a user who may have run since; one whose goodbye is on its way is left alone."""
        if not self._busy(traveller):
            traveller.greenlet.throw(gevent.GreenletExit)

    def _busy(self, traveller: Traveller) -> bool:
        return any(attempt.traveller is traveller for attempt in self.recorder.in_flight)

    def _live(self, traveller: Traveller, live: Callable[[Traveller], None]) -> None:
        try:
            live(traveller)
        except _LEAVING:
            pass
        except Exception as error:  # noqa: BLE001 -- a user's code may raise anything
            self._broke(traveller, error)

    def _broke(self, traveller: Traveller, error: Exception) -> None:
        """What escapes a user comes from its on_start, or later from its on_stop."""
        name = type(traveller.user).__name__
        if traveller.started:
            _log.error("the on_stop of %s raised\n%s", name, traceback.format_exc())
            self.recorder.faults["an exception in on_stop"] += 1
        elif self._anyone_started or traveller.stumbled:
            _log.error("the on_start of %s raised\n%s", name, traceback.format_exc())
            self.recorder.settle(traveller, broken=error)
        else:
            self._cannot_be_used(f"the on_start of {name} raised", error)

    def _cannot_be_used(self, what: str, error: Exception) -> None:
        if self.trouble is None:
            self.trouble = BadLocustfile(f"{what}: {told(error)}", traceback.format_exc())

    def _leave(self, traveller: Traveller, gone: Callable[[Traveller], None]) -> None:
        self.recorder.settle(traveller, cut_short=True)
        self.present.pop(id(traveller.user), None)
        self._here.pop(id(traveller.greenlet), None)
        gone(traveller)


def says_goodbye() -> bool:
    """Whether this is called from an on_stop: Locust calls it where it handles what ended the user."""
    return isinstance(sys.exc_info()[1], _LEAVING)
