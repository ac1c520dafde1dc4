"""The audit log, for administrators: its newest records, and whether it is intact."""

import asyncio
import io

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.audit.head import WrongHead, read_head
from battery.reference.audit.log_file import RECENT
from battery.reference.audit.trail import AuditFigures, Trail
from battery.reference.audit.verification import Verdict, verify_lines
from battery.reference.body import BodyLimits, read_body
from battery.reference.problems import Problem
from battery.reference.routes.numbers import number_in_query
from battery.reference.routes.resource import resource

_MIB = 1024 * 1024
LIMITS = BodyLimits(accepted_bytes=16 * _MIB, read_bytes=32 * _MIB, seconds=30.0)


class Recent(msgspec.Struct, frozen=True):
    """How the log stands, and its newest records."""

    figures: AuditFigures
    entries: list[msgspec.Raw]


class AuditRoutes:
    """Read and verify."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    def routes(self) -> list[Route]:
        """Its two resources."""
        return [
            resource("/api/audit", GET=self.recent),
            resource("/api/audit/verify", GET=self.verify, POST=self.verify_copy),
        ]

    async def recent(self, request: Request) -> Response:
        """The newest records, the newest last."""
        count = number_in_query(request, "limit", 50, least=1, most=RECENT)
        await self._trail.settled()
        return json_answer(Recent(self._trail.figures(), self._trail.recent(count)))

    async def verify(self, _request: Request) -> Response:
        """The verdict on the log itself."""
        await self._trail.settled()
        try:
            return json_answer(await asyncio.to_thread(self._trail.verify))
        except OSError as error:
            return json_answer(Verdict(False, 0, f"the log cannot be read: {error.strerror}"))

    async def verify_copy(self, request: Request) -> Response:
        """The verdict on a copy of the log, which is sent as the body."""
        body = await read_body(request, LIMITS)
        if not body:
            raise Problem(400, "send the copy of the log as the body")
        return json_answer(await asyncio.to_thread(self._verdict, body))

    def _verdict(self, body: bytes) -> Verdict:
        try:
            head = read_head(self._trail.head, self._trail.key)
        except WrongHead as error:
            return Verdict(False, 0, str(error))
        return verify_lines(io.BytesIO(body), head, self._trail.key)
