"""The trace of an error in the answer."""

import traceback

from starlette.types import Scope

from battery.reference.defects.defect import Defect
from battery.reference.exchange import request_id_of
from battery.reference.problems import PROBLEM_TYPE, problem_document

DEFECT = Defect(
    name="stack_trace", title="input that is refused is answered with a stack trace", instrument="security"
)


def crash(scope: Scope, error: Exception) -> tuple[bytes, bytes]:
    """A problem document that says too much."""
    trace = "".join(traceback.format_exception(error))
    return PROBLEM_TYPE.encode(), problem_document(500, trace, request_id_of(scope))
