"""The sales report: the heavy endpoint."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.routes.resource import resource
from battery.reference.store.database import Database
from battery.reference.store.report import report


def report_routes(database: Database) -> list[Route]:
    """`GET /api/report`."""

    async def answer(_request: Request) -> Response:
        return json_answer(await database.report.run(report))

    return [resource("/api/report", GET=answer)]
