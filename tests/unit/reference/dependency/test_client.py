"""The client of the dependency, against real sockets."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from battery.reference.dependency.address import Address
from battery.reference.dependency.breaker import THRESHOLD, Breaker
from battery.reference.dependency.client import DependencyClient
from battery.reference.dependency.failure import BreakerOpen, DependencyBusy, DependencyFailure
from battery.reference.dependency.link import DependencyLink, own_link
from battery.reference.dependency.opening import open_link
from battery.reference.dependency.prices import companions_of, price_of
from battery.reference.dependency.wire import connect
from battery.reference.downstream.server import converse
from battery.reference.health.check import Unhealthy
from battery.reference.health.dependency import DependencyAnswers
from battery.reference.pool.pool import Pool

Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Use = Callable[[DependencyClient], Awaitable[None]]


async def _silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Listens and says nothing, until the client leaves."""
    await reader.read()
    writer.close()


async def _nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"what?\n")
    writer.close()


async def _farewell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b'{"item": "bo')
    writer.close()


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"x" * 200_000)
    await writer.drain()
    writer.close()


async def _with(server: Converse, use: Use) -> None:
    conversations: set[asyncio.Task[None] | None] = set()

    async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversations.add(asyncio.current_task())
        try:
            await server(reader, writer)
            await writer.wait_closed()
        except OSError:
            pass  # the client left first

    listening = await asyncio.start_server(noted, "127.0.0.1", 0)
    address = Address("127.0.0.1", listening.sockets[0].getsockname()[1])
    # One that answers is given all the time a busy machine needs; the others never use it.
    patience = 30.0 if server is converse else 0.1
    pool = Pool("test", lambda: connect(address, 30.0), size=2, waiters=2, patience=30.0)
    try:
        await use(DependencyClient(pool, Breaker(), patience))
    finally:
        pool.close()
        listening.close()
        await asyncio.gather(*(talk for talk in conversations if talk))


def test_prices_and_companions_come_over_one_connection(runner: asyncio.Runner) -> None:
    async def use(client: DependencyClient) -> None:
        for item in ("bolt", "a b\nc", "grüß", "%"):
            assert await client.price(item) == price_of(item)
            assert await client.companions(item) == companions_of(item)
        await client.ping()
        assert (client.answered, client.failed, client.pool.idle) == (9, 0, 1)

    runner.run(_with(converse, use))


@pytest.mark.parametrize("server", [_silence, _nonsense, _farewell, _endless])
def test_whatever_is_no_answer_is_a_failure_that_the_breaker_counts(
    runner: asyncio.Runner, server: Converse
) -> None:
    async def use(client: DependencyClient) -> None:
        for _ in range(THRESHOLD):
            with pytest.raises(DependencyFailure):
                await client.price("bolt")
        assert client.breaker.state == "open"
        with pytest.raises(BreakerOpen):
            await client.price("bolt")
        assert (client.failed, client.pool.in_use, client.pool.idle) == (THRESHOLD, 0, 0)

    runner.run(_with(server, use))


def test_our_own_crowd_does_not_count_against_the_dependency(runner: asyncio.Runner) -> None:
    async def use(client: DependencyClient) -> None:
        asked = [client.price("bolt") for _ in range(30)]
        ended = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(end) for end in ended if isinstance(end, Exception)} == {DependencyBusy}
        assert ended.count(price_of("bolt")) == 4
        assert client.breaker.state == "closed"

    runner.run(_with(converse, use))


def test_a_call_that_is_given_up_does_not_count_against_the_dependency(runner: asyncio.Runner) -> None:
    async def use(client: DependencyClient) -> None:
        for _ in range(THRESHOLD * 2):
            call = asyncio.create_task(client.price("bolt"))
            await asyncio.sleep(0)
            call.cancel()
            await asyncio.wait({call})
        assert (client.breaker.state, client.failed, client.pool.in_use) == ("closed", 0, 0)

    runner.run(_with(_silence, use))


def test_the_health_check_asks_until_the_breaker_knows(runner: asyncio.Runner) -> None:
    async def use(client: DependencyClient) -> None:
        check = DependencyAnswers(DependencyLink(client, client))
        for _ in range(THRESHOLD):
            with pytest.raises(Unhealthy, match="did not answer in time"):
                await check.look()
        with pytest.raises(Unhealthy, match="the circuit breaker is open"):
            await check.look()

    runner.run(_with(_silence, use))


def test_the_health_check_of_one_that_answers_says_so(runner: asyncio.Runner) -> None:
    async def use(client: DependencyClient) -> None:
        assert await DependencyAnswers(DependencyLink(client, client)).look() == "answers"

    runner.run(_with(converse, use))


def test_nobody_listening_is_a_failure(runner: asyncio.Runner) -> None:
    async def use() -> None:
        link = open_link(Address("127.0.0.1", 1))
        with pytest.raises(DependencyFailure):
            await link.prices.ping()
        assert (link.state, link.breaker) == ("closed", link.client.breaker if link.client else None)
        link.close()

    runner.run(use())


def test_without_a_dependency_prices_are_our_own(runner: asyncio.Runner) -> None:
    async def use() -> None:
        link = open_link(None)
        assert await link.prices.price("bolt") == price_of("bolt")
        assert await link.prices.companions("bolt") == companions_of("bolt")
        await link.prices.ping()
        assert (link.state, link.breaker) == ("closed", None)
        link.close()

    runner.run(use())
    assert own_link().client is None
