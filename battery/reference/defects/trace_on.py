"""TRACE, which sends a request's headers back: also those that a script must not read."""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from battery.reference.defects.defect import Defect

DEFECT = Defect(name="trace_on", title="TRACE sends the request back", instrument="security")


class Echoing:
    """Serves, and answers TRACE."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "TRACE":
            lines = [f"TRACE {scope['path']} HTTP/1.1".encode()]
            lines += [name + b": " + value for name, value in scope["headers"]]
            await Response(b"\r\n".join(lines), media_type="message/http")(scope, receive, send)
            return
        await self._app(scope, receive, send)
