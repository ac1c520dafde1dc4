"""Loading: a locustfile becomes user classes that know nothing but the target."""

import os
import sys
import traceback

from locust import FastHttpUser, User
from locust.util.load_locustfile import load_locustfile


class BadLocustfile(Exception):
    """The locustfile cannot be used; `trace` is the traceback of what it raised, if it raised."""

    def __init__(self, message: str, trace: str = "") -> None:
        self.trace = trace
        super().__init__(message)


def user_classes(path: str, url: str, deadline: float) -> list[type[User]]:
    """The locustfile's user classes, all aimed at the target.

    Raises: BadLocustfile.
    """
    try:
        found, shapes = load_locustfile(os.path.abspath(path))  # noqa: PTH100 -- the string that Locust wants
    except (Exception, SystemExit) as error:
        raise BadLocustfile(f"{path} does not import: {told(error)}", traceback.format_exc()) from error
    classes = [each for each in found.values() if each.weight > 0]
    if not classes:
        raise BadLocustfile(f"{path} defines no User class with tasks")
    for each in classes:
        if not each.tasks:
            raise BadLocustfile(f"{path}: {each.__name__} has no task")
        each.host = url
        if issubclass(each, FastHttpUser):
            each.network_timeout = min(each.network_timeout, deadline)
            each.connection_timeout = min(each.connection_timeout, deadline)
    if shapes:
        sys.stderr.write(
            f"{path}: its LoadTestShape is not used, the profile says how many users there are\n"
        )
    return classes


def told(error: BaseException) -> str:
    """The exception in one line."""
    return " ".join(traceback.format_exception_only(error)[-1].split())
