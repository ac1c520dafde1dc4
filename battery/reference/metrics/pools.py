"""How the connections of the pools are used."""

from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry
from battery.reference.pool.figures import PoolFigures


def register_pools(registry: Registry, pools: tuple[PoolFigures, ...]) -> None:
    """Add size, use and time-outs of each pool."""
    for reading in (
        Reading(
            "pool_size",
            "gauge",
            "Connections that a pool may hold.",
            lambda: {(pool.name,): pool.size for pool in pools},
            ("pool",),
        ),
        Reading(
            "pool_connections",
            "gauge",
            "Connections of a pool, by what they do.",
            lambda: {
                key: number
                for pool in pools
                for key, number in (((pool.name, "in_use"), pool.in_use), ((pool.name, "idle"), pool.idle))
            },
            ("pool", "state"),
        ),
        Reading(
            "pool_timeouts_total",
            "counter",
            "Times nobody gave a connection back in time.",
            lambda: {(pool.name,): pool.timeouts for pool in pools},
            ("pool",),
        ),
    ):
        registry.add(reading)
