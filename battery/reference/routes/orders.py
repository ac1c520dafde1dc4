"""Orders: place, read, list, delete."""

import re
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.body import BodyLimits, read_body
from battery.reference.clock import Clock
from battery.reference.metrics.orders import OrderMetrics
from battery.reference.order import OrderDraft
from battery.reference.problems import Problem
from battery.reference.routes.numbers import number_in_path, number_in_query
from battery.reference.routes.resource import resource
from battery.reference.store import orders
from battery.reference.store.database import Database

PAGE_LIMIT = 100
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


class OrderRoutes:
    """The orders API over a database."""

    def __init__(self, database: Database, metrics: OrderMetrics, clock: Clock, limits: BodyLimits) -> None:
        self._database, self._metrics, self._clock, self._limits = database, metrics, clock, limits

    def routes(self) -> list[Route]:
        """Its two resources."""
        return [
            resource("/api/orders", GET=self.page, POST=self.place),
            resource("/api/orders/{id}", GET=self.find, DELETE=self.remove),
        ]

    async def place(self, request: Request) -> Response:
        """Store an order; the answer leaves after the commit has reached the disk."""
        key = _key(request)
        draft = _decoded(request, await read_body(request, self._limits))
        created_at = self._clock().isoformat(timespec="milliseconds")
        work = partial(orders.place, draft=draft, key=key, created_at=created_at)
        placement = await self._database.write.run(work)
        (self._metrics.replayed if placement.replayed else self._metrics.placed).add()
        headers = {"Location": f"/api/orders/{placement.order.id}"}
        if placement.replayed:
            headers["Idempotency-Replayed"] = "true"
        return json_answer(placement.order, 201, headers)

    async def find(self, request: Request) -> Response:
        """One order."""
        order = await self._database.read.run(partial(orders.find, number=number_in_path(request)))
        if order is None:
            raise Problem(404, "there is no such order")
        return json_answer(order)

    async def page(self, request: Request) -> Response:
        """A page of orders."""
        after = number_in_query(request, "after", 0, least=0)
        limit = number_in_query(request, "limit", 20, least=1, most=PAGE_LIMIT)
        return json_answer(await self._database.read.run(partial(orders.page, after=after, limit=limit)))

    async def remove(self, request: Request) -> Response:
        """Delete one order."""
        if not await self._database.write.run(partial(orders.remove, number=number_in_path(request))):
            raise Problem(404, "there is no such order")
        self._metrics.removed.add()
        return Response(status_code=204)


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Problem(400, "Idempotency-Key must be 1 to 128 visible ASCII characters")
    return key


def _decoded(request: Request, body: bytes) -> OrderDraft:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(415, "the body must be application/json")
    try:
        return msgspec.json.decode(body, type=OrderDraft)
    except msgspec.ValidationError as error:
        raise Problem(422, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(400, "the body is not valid JSON") from None
