"""Answers whose headers are made worse on their way out."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]


class Rewriting:
    """Serves, and hands every answer's headers through `rewrite`."""

    def __init__(self, app: ASGIApp, rewrite: Callable[[Headers], Headers]) -> None:
        self._app, self._rewrite = app, rewrite

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_rewritten(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._rewrite(list(message.get("headers", ())))
            await send(message)

        await self._app(scope, receive, send_rewritten)
