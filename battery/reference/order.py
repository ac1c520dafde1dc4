"""The order: what a client asks for, what the service keeps, and a page of them."""

from typing import Annotated

import msgspec

Item = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Cents = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class OrderDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order as a client sends it."""

    item: Item
    quantity: Quantity
    unit_price_cents: Cents


class Order(msgspec.Struct, frozen=True):
    """An order as the service keeps it."""

    id: int
    item: str
    quantity: int
    unit_price_cents: int
    created_at: str


class Placement(msgspec.Struct, frozen=True):
    """An order that stands in the store, and whether an earlier request with the same key put it there."""

    order: Order
    replayed: bool


class OrderPage(msgspec.Struct, frozen=True):
    """Orders in the sequence of their ids; `next` is the `after` of the following page, if there is one."""

    orders: list[Order]
    next: int | None
