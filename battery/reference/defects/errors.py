"""One request in a hundred fails."""

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from battery.reference.defects.defect import Defect
from battery.reference.problems import problem_answer

DEFECT = Defect(name="errors", title="every 100th request is answered with a 500", instrument="load")


async def fail(scope: Scope, receive: Receive, send: Send) -> None:
    """Say 500, though it was done."""
    answer = problem_answer(Request(scope), 500, "the service failed on this request")
    await answer(scope, receive, send)
