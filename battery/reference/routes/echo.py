"""The echo: the light endpoint."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.problems import Problem
from battery.reference.routes.resource import resource

LONGEST = 256


async def echo(request: Request) -> Response:
    """The query parameter `message`, as JSON."""
    message = request.query_params.get("message", "")
    if len(message) > LONGEST:
        raise Problem(400, f"message must have at most {LONGEST} characters")
    return json_answer({"message": message})


def echo_routes() -> list[Route]:
    """`GET /api/echo`."""
    return [resource("/api/echo", GET=echo)]
