"""What the dependency is for: prices, and what goes well with an item."""

import zlib
from typing import Protocol

import msgspec

CATALOGUE = ("bolt", "gear", "nut", "rivet", "spring", "washer")


class Price(msgspec.Struct, frozen=True):
    """What one piece costs."""

    item: str
    cents: int


class Companions(msgspec.Struct, frozen=True):
    """What others bought with an item."""

    item: str
    items: list[str]


class Prices(Protocol):
    """The port; its methods raise DependencyFailure."""

    async def price(self, item: str) -> Price:
        """The price of an item."""
        ...

    async def companions(self, item: str) -> Companions:
        """What goes well with an item."""
        ...

    async def ping(self) -> None:
        """Return when it answers."""
        ...


def price_of(item: str) -> Price:
    """A price that is the same on every machine."""
    return Price(item, 100 + zlib.crc32(item.encode()) % 9_900)


def companions_of(item: str) -> Companions:
    """Three items that are the same on every machine."""
    first = zlib.crc32(item.encode()) % len(CATALOGUE)
    return Companions(item, [CATALOGUE[(first + step) % len(CATALOGUE)] for step in range(3)])


class OwnPrices:
    """The service's own price list, where no dependency is configured."""

    async def price(self, item: str) -> Price:
        """The price of an item."""
        return price_of(item)

    async def companions(self, item: str) -> Companions:
        """What goes well with an item."""
        return companions_of(item)

    async def ping(self) -> None:
        """There is nobody to wait for."""
