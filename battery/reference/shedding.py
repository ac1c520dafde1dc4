"""Load that is refused at once, so that the rest is served in time."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from battery.reference.problems import problem_answer

LIMIT = 256
# Who asks how the service is must hear it above all when the service is full.
_SPARED = frozenset({"/metrics", "/api/health/live", "/api/health/ready", "/api/health/status"})


class Shedding:
    """Serves up to `limit` requests at a time and answers the others with 503 and when to come back."""

    def __init__(self, app: ASGIApp, limit: int = LIMIT) -> None:
        self.limit, self.in_flight, self.refused = limit, 0, 0
        self._app, self._most = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http" or scope["path"] in _SPARED:
            await self._app(scope, receive, send)
            return
        if self.in_flight >= self.limit:
            self.refused += 1
            detail = f"{self.limit} requests are being served already"
            answer = problem_answer(Request(scope), 503, detail, {"Retry-After": "1"})
            await answer(scope, receive, send)
            return
        self.in_flight += 1
        self._most = max(self._most, self.in_flight)
        try:
            await self._app(scope, receive, send)
        finally:
            self.in_flight -= 1

    def least_free(self) -> float:
        """The least share that was free since this was last asked: a burst between two looks is seen."""
        most, self._most = self._most, self.in_flight
        return max(0.0, 1 - most / self.limit)
