"""The readings of all parts, registered together."""

from battery.reference.dependency.link import DependencyLink
from battery.reference.identity import Identity
from battery.reference.metrics.breaker import register_breaker
from battery.reference.metrics.lanes import register_lanes
from battery.reference.metrics.pools import register_pools
from battery.reference.metrics.process import register_process
from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry
from battery.reference.pool.figures import PoolFigures
from battery.reference.process import OwnProcess
from battery.reference.store.interface import Store


def register_readings(
    registry: Registry, store: Store, process: OwnProcess, identity: Identity, link: DependencyLink
) -> None:
    """Add what stands in the store, the process, the build and the dependency."""
    register_lanes(registry, store.lanes)
    register_process(registry, process)
    labels, values = ("version", "commit"), (identity.version, identity.commit)
    registry.add(Reading("reference_build_info", "gauge", "What is served.", lambda: {values: 1}, labels))
    pools: tuple[PoolFigures, ...] = store.pools
    if link.client:
        register_breaker(registry, link.client)
        pools = (*pools, link.client.pool)
    if pools:
        register_pools(registry, pools)
