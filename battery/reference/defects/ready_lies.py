"""Ready says yes whatever happens."""

from starlette.requests import Request
from starlette.responses import Response

from battery.reference.answers import json_answer
from battery.reference.defects.defect import Defect

DEFECT = Defect(name="ready_lies", title="the ready path answers 200 whatever has failed", instrument="chaos")


async def ready(_request: Request) -> Response:
    """Nothing is looked at."""
    return json_answer({"status": "ok", "failing": [], "checks": []})
