"""Making the link to the dependency."""

from collections.abc import Collection
from functools import partial

from battery.reference.defects import breaker_never_closes, breaker_never_opens, pool_leak
from battery.reference.dependency import wire
from battery.reference.dependency.address import Address
from battery.reference.dependency.breaker import Breaker
from battery.reference.dependency.client import (
    CONNECT_SECONDS,
    POOL_SECONDS,
    POOL_SIZE,
    POOL_WAITERS,
    DependencyClient,
)
from battery.reference.dependency.link import DependencyLink, own_link
from battery.reference.pool.pool import Pool


def open_link(address: Address | None, defects: Collection[str] = ()) -> DependencyLink:
    """The link to the dependency at `address`, with the planted `defects`; it connects when it is first used."""
    if address is None:
        return own_link()
    leaky = pool_leak.DEFECT.name in defects
    pool_class: type[Pool[wire.Wire]] = pool_leak.LeakyPool if leaky else Pool
    connect = partial(wire.connect, address, CONNECT_SECONDS)
    pool = pool_class("dependency", connect, size=POOL_SIZE, waiters=POOL_WAITERS, patience=POOL_SECONDS)
    client = DependencyClient(pool, _breaker(defects))
    return DependencyLink(client, client)


def _breaker(defects: Collection[str]) -> Breaker:
    if breaker_never_opens.DEFECT.name in defects:
        return breaker_never_opens.breaker()
    if breaker_never_closes.DEFECT.name in defects:
        return breaker_never_closes.breaker()
    return Breaker()
