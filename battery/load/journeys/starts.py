"""Starts: Locust only tells of requests that have ended, so the start of each is counted here.

HttpSession and FastHttpSession are wrapped where all their requests pass. A request and the event that ends it are
tied together by an entry in the request's context, which is taken out before anybody else sees it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import gevent
from locust.clients import HttpSession, ResponseContextManager
from locust.contrib.fasthttp import FastHttpSession
from locust.event import EventHook
from requests import PreparedRequest
from requests.exceptions import ReadTimeout, RequestException

from battery.load.journeys.attempt import Attempt
from battery.load.journeys.crowd import Crowd, says_goodbye
from battery.load.journeys.kinds import kind_of, shortage_of

_KEY = "battery.attempt"


def count_starts(crowd: Crowd, deadline: float) -> None:
    """Count from here on every request of every session, and give each the deadline."""
    FastHttpSession.request = _within(deadline, FastHttpSession.request)  # type: ignore[method-assign]
    _count(crowd, FastHttpSession)
    _count(crowd, HttpSession)
    send = HttpSession._send_request_safe_mode  # noqa: SLF001 -- what it returns is already an answer, not a raise

    def sent_in_time(session: HttpSession, method: Any, url: Any, **options: Any) -> Any:
        limit = gevent.Timeout(deadline)
        try:
            with limit:
                return send(session, method, url, **options)
        except gevent.Timeout as late:
            if late is not limit:
                raise
            asked = PreparedRequest()  # so that Locust names the request as it names those that were answered
            asked.prepare(method, url, params=options.get("params"))
            return ResponseContextManager(ReadTimeout(f"no answer within {deadline:g} s", request=asked))

    HttpSession._send_request_safe_mode = sent_in_time  # type: ignore[method-assign, assignment] # noqa: SLF001 -- as above


def listen(crowd: Crowd, event: EventHook) -> None:
    """Take note of each request that ends; as the first listener, so that the context is clean for the others."""
    recorder = crowd.recorder

    def on_request(
        request_type: str,
        name: str,
        response_time: Any,
        exception: object = None,
        response: object = None,
        context: Any = None,
        **_: object,
    ) -> None:
        seen = isinstance(context, dict) and _KEY in context
        attempt: Attempt | None = context.pop(_KEY) if seen else None
        if seen and attempt is None:
            return  # a goodbye after the end of the run
        kind = kind_of(exception, response) if exception is not None else ""
        title = f"{request_type} {name}"
        service = int(response_time * 1_000_000) if isinstance(response_time, (int, float)) else 0
        if attempt is None:
            recorder.ended(crowd.here(), title, kind, service)
        else:
            recorder.judge(attempt, title, kind, service, shortage_of(exception) if kind else "")

    event.add_listener(on_request)  # type: ignore[no-untyped-call] # Locust leaves it untyped


def _within(deadline: float, request: Callable[..., Any]) -> Callable[..., Any]:
    """The client itself makes an answer of gevent's time-out."""

    @wraps(request)
    def in_time(session: FastHttpSession, *arguments: Any, **options: Any) -> Any:
        with gevent.Timeout(deadline):
            return request(session, *arguments, **options)

    return in_time


def _count(crowd: Crowd, session_class: Any) -> None:
    recorder, request = crowd.recorder, session_class.request

    @wraps(request)
    def counted(session: Any, method: Any, url: Any, *arguments: Any, **options: Any) -> Any:
        traveller = crowd.of(session.user)
        attempt: Attempt | None = None
        if crowd.may_go_on(traveller):
            attempt = recorder.begin(traveller, lambda: _name(session, method, url, arguments, options))
        elif not says_goodbye():
            raise gevent.GreenletExit
        elif not recorder.over:
            attempt = recorder.begin(traveller, lambda: _name(session, method, url, arguments, options))
        options["context"] = {**(options.get("context") or {}), _KEY: attempt}
        if attempt is None:
            return request(session, method, url, *arguments, **options)
        try:
            answer = request(session, method, url, *arguments, **options)
        except BaseException as error:
            kind = "timeout" if isinstance(error, gevent.GreenletExit) else kind_of(error)
            recorder.judge(attempt, attempt.name(), kind, recorder.clock() - attempt.begun)
            raise
        recorder.returned(attempt, answer)
        return answer

    session_class.request = counted


def _name(session: Any, method: Any, url: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> str:
    """What Locust would have called the request when it had ended."""
    name = (arguments[0] if arguments else options.get("name")) or session.request_name
    if not name and isinstance(session, HttpSession):
        prepared = PreparedRequest()
        try:
            address = session._build_url(url)  # noqa: SLF001 -- Locust's own rule
            prepared.prepare_url(address, options.get("params"))
            name = prepared.path_url
        except RequestException:
            name = url  # not an address at all
    return f"{method} {name or url}"
