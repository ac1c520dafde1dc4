"""How the service is: live, ready, status, check and details."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.health.board import HealthBoard
from battery.reference.health.check import Outcome
from battery.reference.health.details import Surroundings
from battery.reference.health.state import State, StateReader
from battery.reference.routes.resource import Handler, resource


class Status(msgspec.Struct, frozen=True):
    """The whole in one word, the names of what fails, and how the service copes."""

    status: str
    failing: list[str]
    state: State


class HealthRoutes:
    """The health API; 200 says that the answer to the question is yes, 503 that it is no."""

    def __init__(self, board: HealthBoard, surroundings: Surroundings, state: StateReader) -> None:
        self._board, self._surroundings, self._state = board, surroundings, state

    def routes(self, ready: Handler | None = None) -> list[Route]:
        """Its five resources; a defect wants another `ready`."""
        return [
            resource("/api/health/live", GET=self.live),
            resource("/api/health/ready", GET=ready or self.ready),
            resource("/api/health/status", GET=self.status),
            resource("/api/health/check", GET=self.check),
            resource("/api/health/details", GET=self.details),
        ]

    async def live(self, _request: Request) -> Response:
        """The process is up; nothing else is asked."""
        return json_answer({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Requests can be served."""
        return _judged(await self._board.ready())

    async def status(self, _request: Request) -> Response:
        """The whole in one word, the names of what fails, and how the service copes."""
        failing = _failing(await self._board.overall())
        answer = Status("failing" if failing else "ok", failing, self._state.read())
        return json_answer(answer, 503 if failing else 200)

    async def check(self, _request: Request) -> Response:
        """Every check, run for this request."""
        return _judged(await self._board.everything())

    async def details(self, _request: Request) -> Response:
        """What there is to know; 200 also when something fails, because it is read to find out what."""
        return json_answer(await self._surroundings.describe())


def _judged(outcomes: list[Outcome]) -> Response:
    failing = _failing(outcomes)
    answer = {"status": "failing" if failing else "ok", "failing": failing, "checks": outcomes}
    return json_answer(answer, 503 if failing else 200)


def _failing(outcomes: list[Outcome]) -> list[str]:
    return [outcome.name for outcome in outcomes if not outcome.ok]
