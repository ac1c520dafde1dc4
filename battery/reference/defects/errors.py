"""One request in a hundred fails."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from battery.reference.defects.defect import Defect
from battery.reference.problems import problem_answer

DEFECT = Defect(name="errors", title="every 100th request is answered with a 500", instrument="load")
EVERY, FIRST = 100, 50
# Whoever waits for the service to be ready, or scrapes it, would shift the count of what users see.
_SPARED = frozenset({"/metrics", "/api/health/live", "/api/health/ready"})


class Errors:
    """Does what was asked and then says 500: counted, not drawn, so that 1 % is 1 %."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._count = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or serve and fail."""
        if scope["type"] != "http" or scope["path"] in _SPARED:
            await self._app(scope, receive, send)
            return
        self._count += 1
        if self._count % EVERY != FIRST:
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _nowhere)
        answer = problem_answer(Request(scope), 500, "the service failed on this request")
        await answer(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    """The true answer is not sent."""
