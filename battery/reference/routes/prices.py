"""What needs the dependency: quotes, which are essential, and suggestions, which are not."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.answers import json_answer
from battery.reference.degradation.ladder import Ladder
from battery.reference.dependency.failure import DependencyFailure
from battery.reference.dependency.prices import Prices
from battery.reference.problems import Problem
from battery.reference.routes.numbers import number_in_query
from battery.reference.routes.resource import resource

LONGEST_ITEM = 120
MOST = 10_000
# What is suggested when nobody can be asked.
USUAL = ["bolt", "nut", "washer"]


class Quote(msgspec.Struct, frozen=True):
    """What some pieces of an item cost."""

    item: str
    quantity: int
    unit_price_cents: int
    total_cents: int


class Suggestions(msgspec.Struct, frozen=True):
    """What goes well with an item; `degraded` when it is what goes well with anything."""

    item: str
    items: list[str]
    degraded: bool


class PriceRoutes:
    """Quotes and suggestions."""

    def __init__(self, prices: Prices, ladder: Ladder) -> None:
        self._prices, self._ladder = prices, ladder

    def routes(self) -> list[Route]:
        """Its two resources."""
        return [resource("/api/quote", GET=self.quote), resource("/api/suggestions", GET=self.suggestions)]

    async def quote(self, request: Request) -> Response:
        """A price, or a 503: a guess would be worse."""
        item, quantity = _item(request), number_in_query(request, "quantity", 1, least=1, most=MOST)
        price = await self._prices.price(item)
        return json_answer(Quote(item, quantity, price.cents, price.cents * quantity))

    async def suggestions(self, request: Request) -> Response:
        """Companions of an item; the usual ones while the dependency is down or the service is short."""
        item = _item(request)
        if self._ladder.allows("suggestions"):
            try:
                return json_answer(Suggestions(item, (await self._prices.companions(item)).items, False))
            except DependencyFailure:
                pass  # a degraded answer is a good answer here
        return json_answer(Suggestions(item, USUAL, True))


def _item(request: Request) -> str:
    item = request.query_params.get("item", "")
    if not 1 <= len(item) <= LONGEST_ITEM:
        raise Problem(400, f"item must be given, with 1 to {LONGEST_ITEM} characters")
    return item
