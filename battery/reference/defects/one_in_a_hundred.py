"""What goes wrong with one request in a hundred: counted, not drawn, so that 1 % is 1 %."""

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERY, FIRST = 100, 50
# Whoever waits for the service to be ready, or scrapes it, would shift the count of what users see.
_SPARED = frozenset({"/metrics", "/api/health/live", "/api/health/ready"})

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


class OneInAHundred:
    """Does what was asked, always; one answer in a hundred is another than the true one."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app, self._answer, self._count = app, answer, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or serve and spoil the answer."""
        if scope["type"] != "http" or scope["path"] in _SPARED:
            await self._app(scope, receive, send)
            return
        self._count += 1
        if self._count % EVERY != FIRST:
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _nowhere)
        await self._answer(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    """The true answer is not sent."""
