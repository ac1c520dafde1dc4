"""Tokens in the log."""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="secret_in_log",
    title="the token of every request is written into the log",
    instrument="security",
)
_log = logging.getLogger("battery.reference.requests")


class LoggingTokens:
    """Serves, and logs what nobody may keep."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        for name, value in scope.get("headers", ()):
            if name == b"authorization":
                fields = {"authorization": value.decode("latin-1")}
                _log.info("a request with a token", extra={"fields": fields})
        await self._app(scope, receive, send)
