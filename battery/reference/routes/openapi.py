"""The description of the API, as it stands in docs/openapi.json."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.routes.resource import resource

FILE = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def openapi_routes() -> list[Route]:
    """`GET /openapi.json`.

    Raises: OSError when the file is not there: a service whose documents are missing was not installed whole.
    """
    description = FILE.read_bytes()

    async def answer(_request: Request) -> Response:
        return Response(description, media_type="application/json")

    return [resource("/openapi.json", GET=answer)]
