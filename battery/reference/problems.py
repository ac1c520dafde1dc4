"""Refusals as problem documents (RFC 9457); none carries a stack trace or a path of this machine."""

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from battery.reference.dependency.failure import DependencyFailure
from battery.reference.exchange import request_id_of
from battery.reference.store.failure import KeyConflict, StoreFailure, StoreFull

PROBLEM_TYPE = "application/problem+json"
_log = logging.getLogger("battery.reference.problems")


class Problem(Exception):
    """A request that is refused, with the status and the reason its client is told."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def problem_document(status: int, detail: str, request_id: str) -> bytes:
    """The bytes of a problem document."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": request_id,
    }
    return msgspec.json.encode(document)


def problem_answer(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to one refused request."""
    document = problem_document(status, detail, request_id_of(request.scope))
    return Response(document, status, headers, media_type=PROBLEM_TYPE)


def install_problems(app: Starlette) -> None:
    """Let `app` answer every exception with a problem document."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(StoreFailure, _on_store_failure)
    app.add_exception_handler(DependencyFailure, _on_dependency_failure)
    app.add_exception_handler(KeyConflict, _on_key_conflict)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_defect)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - Starlette hands a handler only its own class
    return problem_answer(request, error.status, error.detail, error.headers)


async def _on_store_failure(request: Request, error: Exception) -> Response:
    fields = {"request_id": request_id_of(request.scope), "reason": str(error)}
    _log.warning("the store cannot serve", extra={"fields": fields})
    status, detail = (
        (507, "the disk is full") if isinstance(error, StoreFull) else (503, "the order store cannot serve")
    )
    return problem_answer(request, status, detail, {"Retry-After": "1"})


async def _on_dependency_failure(request: Request, error: Exception) -> Response:
    assert isinstance(error, DependencyFailure)  # noqa: S101 - Starlette hands a handler only its own class
    fields = {"request_id": request_id_of(request.scope), "reason": str(error)}
    _log.warning("the dependency does not answer", extra={"fields": fields})
    # Whole seconds, and never 0: that would mean at once.
    wait = str(max(1, math.ceil(error.retry_after)))
    return problem_answer(request, 503, "prices are not to be had at the moment", {"Retry-After": wait})


async def _on_key_conflict(request: Request, error: Exception) -> Response:
    return problem_answer(request, 409, str(error))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette hands a handler only its own class
    return problem_answer(request, error.status_code, error.detail, error.headers)


async def _on_defect(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the client is not told
    return problem_answer(request, 500, "the service failed on this request")
