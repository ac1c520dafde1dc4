"""Requests that are looked for in the log: each is sent with an id of its own, and may be answered with another."""

import time
from collections.abc import Callable, Mapping

from battery.model.frozen import Frozen

ID_HEADERS = ("x-request-id", "x-correlation-id", "x-trace-id", "request-id")
_EVERY = 0.1


class Traced(Frozen, frozen=True, kw_only=True):
    """The ids of one request: the one that was sent, and those that its answer names."""

    sent: str
    answered: tuple[str, ...]


def traced(sent: str, headers: Mapping[str, str]) -> Traced:
    """The ids in the headers of an answer."""
    values = {name.lower(): value for name, value in headers.items()}
    return Traced(sent=sent, answered=tuple(values[name] for name in ID_HEADERS if values.get(name)))


def wait_for(lines: Callable[[], list[str]], ids: tuple[str, ...], seconds: float) -> list[str]:
    """The lines since the requests, as soon as they hold all of the ids, or when the time is over."""
    end = time.monotonic() + seconds
    while True:
        seen = lines()
        if all(any(one in line for line in seen) for one in ids) or time.monotonic() >= end:
            return seen
        time.sleep(_EVERY)


def are_found(requests: tuple[Traced, ...], lines: list[str]) -> bool | None:
    """Whether each request stands in the log under one of its ids; none where answers name none and none is found."""
    text = "\n".join(lines)
    found = [any(one in text for one in (request.sent, *request.answered)) for request in requests]
    if all(found):
        return True
    return False if any(request.answered for request in requests) else None
