"""The sales report: the heavy endpoint, and the first that is switched off to keep the essential ones."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.degradation.ladder import Ladder
from battery.reference.problems import Problem
from battery.reference.routes.resource import resource
from battery.reference.store.interface import Store


def report_routes(store: Store, ladder: Ladder) -> list[Route]:
    """`GET /api/report`."""

    async def answer(_request: Request) -> Response:
        if not ladder.allows("report"):
            raise Problem(503, "reports are switched off while resources are short", {"Retry-After": "2"})
        return json_answer(await store.sales())

    return [resource("/api/report", GET=answer)]
