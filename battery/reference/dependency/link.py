"""The dependency as the rest of the service sees it: its prices, and its breaker if it has one."""

import msgspec

from battery.reference.dependency.breaker import Breaker, State
from battery.reference.dependency.client import DependencyClient
from battery.reference.dependency.prices import OwnPrices, Prices


class DependencyLink(msgspec.Struct, frozen=True):
    """Prices with a client behind them, or the service's own where no dependency is configured."""

    prices: Prices
    client: DependencyClient | None = None

    @property
    def breaker(self) -> Breaker | None:
        """The breaker, where there is a dependency."""
        return self.client.breaker if self.client else None

    @property
    def state(self) -> State:
        """The breaker's state; closed where there is nothing to break."""
        return self.client.breaker.state if self.client else "closed"

    def close(self) -> None:
        """Drop the connections."""
        if self.client:
            self.client.pool.close()


def own_link() -> DependencyLink:
    """The link of a service without a dependency."""
    return DependencyLink(OwnPrices())
