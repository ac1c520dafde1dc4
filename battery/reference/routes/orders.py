"""Orders: place, read, list, delete."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.access.caller import actor_of, origin_of
from battery.reference.answers import json_answer
from battery.reference.audit.trail import Audit
from battery.reference.body import BodyLimits, read_json
from battery.reference.clock import Clock
from battery.reference.metrics.orders import OrderMetrics
from battery.reference.order import OrderDraft
from battery.reference.problems import Problem
from battery.reference.routes.idempotency import idempotency_key
from battery.reference.routes.numbers import number_in_path, number_in_query
from battery.reference.routes.resource import resource
from battery.reference.store.interface import Store

PAGE_LIMIT = 100


class OrderRoutes:
    """The orders API over a store."""

    def __init__(
        self, store: Store, metrics: OrderMetrics, clock: Clock, limits: BodyLimits, audit: Audit
    ) -> None:
        self._store, self._metrics, self._clock, self._limits = store, metrics, clock, limits
        self._audit = audit

    def routes(self) -> list[Route]:
        """Its two resources."""
        return [
            resource("/api/orders", GET=self.page, POST=self.place),
            resource("/api/orders/{id}", GET=self.find, DELETE=self.remove),
        ]

    async def place(self, request: Request) -> Response:
        """Store an order; the answer leaves after the commit has reached the disk."""
        key = idempotency_key(request)
        draft = await read_json(request, self._limits, OrderDraft)
        created_at = self._clock().isoformat(timespec="milliseconds")
        placement = await self._store.place(draft, key, created_at)
        (self._metrics.replayed if placement.replayed else self._metrics.placed).add()
        if not placement.replayed:
            self._note("order.placed", request, placement.order.id)
        headers = {"Location": f"/api/orders/{placement.order.id}"}
        if placement.replayed:
            headers["Idempotency-Replayed"] = "true"
        return json_answer(placement.order, 201, headers)

    async def find(self, request: Request) -> Response:
        """One order."""
        order = await self._store.find(number_in_path(request))
        if order is None:
            raise Problem(404, "there is no such order")
        return json_answer(order)

    async def page(self, request: Request) -> Response:
        """A page of orders."""
        after = number_in_query(request, "after", 0, least=0)
        limit = number_in_query(request, "limit", 20, least=1, most=PAGE_LIMIT)
        return json_answer(await self._store.page(after, limit))

    async def remove(self, request: Request) -> Response:
        """Delete one order."""
        number = number_in_path(request)
        if not await self._store.remove(number):
            raise Problem(404, "there is no such order")
        self._metrics.removed.add()
        self._note("order.removed", request, number)
        return Response(status_code=204)

    def _note(self, event: str, request: Request, number: int) -> None:
        actor, source = actor_of(request.scope), origin_of(request.scope)
        self._audit.note(event, actor=actor, source=source, items=(number,))
