"""The pool of connections."""

import asyncio

import pytest

from battery.reference.defects.pool_leak import LeakyPool
from battery.reference.pool.failure import PoolFull, PoolTimeout
from battery.reference.pool.pool import Pool


class _Connection:
    def __init__(self, number: int) -> None:
        self.number, self.stands, self.discarded = number, True, False

    def usable(self) -> bool:
        return self.stands

    def discard(self) -> None:
        self.discarded = True


class _Server:
    """Opens connections and remembers them."""

    def __init__(self) -> None:
        self.opened: list[_Connection] = []
        self.refuses = False

    async def connect(self) -> _Connection:
        if self.refuses:
            raise ConnectionRefusedError
        self.opened.append(_Connection(len(self.opened)))
        return self.opened[-1]


def _pool(server: _Server, size: int = 2, waiters: int = 2, patience: float = 5.0) -> Pool[_Connection]:
    return Pool("test", server.connect, size=size, waiters=waiters, patience=patience)


async def _use(pool: Pool[_Connection]) -> int:
    async with pool.lease() as connection:
        return connection.number


async def _fail(pool: Pool[_Connection]) -> None:
    async with pool.lease():
        raise ZeroDivisionError


def test_a_connection_is_used_again(runner: asyncio.Runner) -> None:
    server = _Server()

    async def use() -> None:
        pool = _pool(server)
        assert [await _use(pool) for _ in range(3)] == [0, 0, 0]
        assert (pool.idle, pool.in_use, pool.depth) == (1, 0, 0)

    runner.run(use())


def test_no_more_connections_are_opened_than_the_pool_may_hold(runner: asyncio.Runner) -> None:
    server = _Server()

    async def use() -> None:
        pool = _pool(server, size=2, waiters=20)
        most = 0

        async def one() -> None:
            nonlocal most
            async with pool.lease():
                most = max(most, pool.in_use)
                await asyncio.sleep(0)

        await asyncio.gather(*(one() for _ in range(20)))
        assert most == len(server.opened) == 2
        assert (pool.idle, pool.in_use) == (2, 0)

    runner.run(use())


def test_who_comes_when_all_wait_already_is_refused_but_not_a_probe(runner: asyncio.Runner) -> None:
    async def use() -> None:
        pool = _pool(_Server(), size=1, waiters=1)
        async with pool.lease():
            waiting = asyncio.create_task(_use(pool))
            await asyncio.sleep(0)
            with pytest.raises(PoolFull, match="2 users hold or await"):
                await _use(pool)
            probe = asyncio.create_task(_probe(pool))
            await asyncio.sleep(0)
            assert not probe.done()
        await asyncio.gather(waiting, probe)
        assert pool.refused == 1

    async def _probe(pool: Pool[_Connection]) -> None:
        async with pool.lease(beyond_capacity=True):
            pass

    runner.run(use())


def test_who_waits_too_long_is_told(runner: asyncio.Runner) -> None:
    async def use() -> None:
        pool = _pool(_Server(), size=1, patience=0.01)
        async with pool.lease():
            with pytest.raises(PoolTimeout, match=r"within 0\.01 s"):
                await _use(pool)
        assert (pool.timeouts, pool.depth, await _use(pool)) == (1, 0, 0)

    runner.run(use())


def test_a_connection_that_met_an_error_is_never_used_again(runner: asyncio.Runner) -> None:
    server = _Server()

    async def use() -> None:
        pool = _pool(server, size=1)
        with pytest.raises(ZeroDivisionError):
            await _fail(pool)
        assert server.opened[0].discarded
        assert await _use(pool) == 1

    runner.run(use())


def test_a_connection_that_fell_while_idle_is_replaced(runner: asyncio.Runner) -> None:
    server = _Server()

    async def use() -> None:
        pool = _pool(server)
        await _use(pool)
        server.opened[0].stands = False
        assert await _use(pool) == 1
        assert server.opened[0].discarded

    runner.run(use())


def test_a_connection_that_cannot_be_opened_leaves_its_place(runner: asyncio.Runner) -> None:
    server = _Server()

    async def use() -> None:
        pool = _pool(server, size=1)
        server.refuses = True
        for _ in range(3):
            with pytest.raises(ConnectionRefusedError):
                await _use(pool)
        server.refuses = False
        assert await _use(pool) == 0

    runner.run(use())


def test_who_stops_waiting_leaves_no_trace(runner: asyncio.Runner) -> None:
    async def use() -> None:
        pool = _pool(_Server(), size=1)
        async with pool.lease():
            waiting = asyncio.create_task(_use(pool))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait({waiting})
            assert pool.depth == 1
        assert await _use(pool) == 0

    runner.run(use())


def test_a_closed_pool_holds_nothing(runner: asyncio.Runner) -> None:
    server = _Server()

    async def use() -> None:
        pool = _pool(server)
        await _use(pool)
        pool.close()
        assert server.opened[0].discarded
        assert pool.idle == 0

    runner.run(use())


def test_the_leaky_pool_loses_a_place_with_each_error(runner: asyncio.Runner) -> None:
    async def use() -> None:
        pool = LeakyPool("leaky", _Server().connect, size=2, waiters=1, patience=0.01)
        assert await _use(pool) == 0
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                await _fail(pool)
        with pytest.raises(PoolTimeout):
            await _use(pool)
        assert pool.in_use == 2

    runner.run(use())
