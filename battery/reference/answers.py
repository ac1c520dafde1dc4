"""JSON answers."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as a JSON response."""
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")
