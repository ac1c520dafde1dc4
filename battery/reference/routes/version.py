"""Who is served."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.identity import Identity
from battery.reference.routes.resource import resource


def version_routes(identity: Identity) -> list[Route]:
    """`GET /version`."""

    async def answer(_request: Request) -> Response:
        return json_answer(identity)

    return [resource("/version", GET=answer)]
