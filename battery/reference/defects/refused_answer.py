"""Refusals of a client's input that are replaced by what the service would say of a crash."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What a client's input is refused with.
_REFUSALS = frozenset({400, 415, 422})
Crash = Callable[[Scope, Exception], tuple[bytes, bytes]]


class UnhandledInput(ValueError):
    """What the service would have raised if it did not look at its input."""


class Crashing:
    """Serves, and answers refused input with a 500 of media type and body as `crash` tells them."""

    def __init__(self, app: ASGIApp, crash: Crash) -> None:
        self._app, self._crash = app, crash

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        crashed = False

        async def send_spoiled(message: Message) -> None:
            nonlocal crashed
            if message["type"] == "http.response.start" and message["status"] in _REFUSALS:
                crashed = True
                await _send_crash(send, *self._crash(scope, _raised(scope)))
            elif not crashed:
                await send(message)

        await self._app(scope, receive, send_spoiled)


def _raised(scope: Scope) -> Exception:
    """A real exception with a real trace."""
    try:
        raise UnhandledInput(f"cannot handle {scope['method']} {scope['path']}")
    except UnhandledInput as error:
        return error


async def _send_crash(send: Send, media_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
