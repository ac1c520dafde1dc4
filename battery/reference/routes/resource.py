"""A resource: one path and what each method does there."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from battery.reference.access.policy import KNOWN_METHODS
from battery.reference.exchange import match_template
from battery.reference.problems import Problem

Handler = Callable[[Request], Awaitable[Response]]


class Resource:
    """An ASGI application that chooses by method; HEAD is answered like GET, the server drops the body."""

    def __init__(self, template: str, handlers: Mapping[str, Handler]) -> None:
        if strange := sorted(set(handlers) - KNOWN_METHODS):
            raise ValueError(
                f"{template}: the guard lets {', '.join(strange)} pass, because no resource has it"
            )
        self._template, self._handlers = template, dict(handlers)
        if "GET" in self._handlers:
            self._handlers["HEAD"] = self._handlers["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises: Problem 405 for a method that has no handler.
        """
        match_template(scope, self._template)
        handler = self._handlers.get(scope["method"])
        if handler is None:
            raise Problem(
                405, "this method is not allowed here", {"Allow": ", ".join(sorted(self._handlers))}
            )
        response = await handler(Request(scope, receive))
        await response(scope, receive, send)


def resource(template: str, **handlers: Handler) -> Route:
    """The route of a resource: `resource("/x", GET=read, POST=write)`."""
    return Route(template, Resource(template, handlers))
