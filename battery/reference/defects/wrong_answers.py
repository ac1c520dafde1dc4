"""One request in a hundred is answered with somebody else's answer, and a 200."""

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="wrong_answers", title="every 100th answer is a 200 that holds something else", instrument="load"
)


async def mistake(scope: Scope, receive: Receive, send: Send) -> None:
    """Say something else."""
    await JSONResponse({"message": "please wait"})(scope, receive, send)
