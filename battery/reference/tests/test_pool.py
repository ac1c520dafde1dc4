"""The pool: bounded, patient for a time, and without mercy for what has seen an error."""

import asyncio
from contextlib import suppress

import pytest

from battery.reference.defects.pool_leak import LeakyPool
from battery.reference.pool.failure import PoolFull, PoolTimeout
from battery.reference.pool.pool import Pool


class Line:
    """A connection that may fall."""

    def __init__(self) -> None:
        self.stands, self.discarded = True, False

    def usable(self) -> bool:
        """Whether it stands."""
        return self.stands

    def discard(self) -> None:
        """Note it."""
        self.discarded = True


async def _open() -> Line:
    return Line()


def test_a_connection_is_used_again_until_it_falls_or_sees_an_error(runner: asyncio.Runner) -> None:
    async def use() -> None:
        pool = Pool("p", _open, size=1, waiters=1, patience=1)
        async with pool.lease() as first:
            pass
        async with pool.lease() as second:
            assert second is first
        first.stands = False
        async with pool.lease() as third:
            assert (third is first, first.discarded) == (False, True)
        with suppress(ValueError):
            async with pool.lease() as fourth:
                raise ValueError
        assert (fourth.discarded, pool.in_use, pool.idle) == (True, 0, 0)

    runner.run(use())


def test_who_waits_too_long_and_who_comes_too_many_is_told(runner: asyncio.Runner) -> None:
    async def use() -> None:
        pool = Pool("p", _open, size=1, waiters=0, patience=0.01)
        async with pool.lease():
            with pytest.raises(PoolFull):
                async with pool.lease():
                    pass
            with pytest.raises(PoolTimeout):
                async with pool.lease(beyond_capacity=True):
                    pass
        assert (pool.refused, pool.timeouts, pool.depth) == (1, 1, 0)

    runner.run(use())


def test_a_leaky_pool_never_gets_back_what_met_an_error(runner: asyncio.Runner) -> None:
    async def use() -> None:
        pool = LeakyPool("p", _open, size=1, waiters=1, patience=0.01)
        with suppress(ValueError):
            async with pool.lease():
                raise ValueError
        with pytest.raises(PoolTimeout):
            async with pool.lease():
                pass

    runner.run(use())
