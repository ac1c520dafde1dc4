"""The dependency, its client and its breaker, over real sockets and on a clock that is moved by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from battery.reference.dependency.address import Address
from battery.reference.dependency.breaker import THRESHOLD, Breaker
from battery.reference.dependency.client import DependencyClient
from battery.reference.dependency.failure import BreakerOpen, DependencyBusy, DependencyFailure
from battery.reference.dependency.link import DependencyLink
from battery.reference.dependency.opening import open_link
from battery.reference.dependency.prices import companions_of, price_of
from battery.reference.dependency.wire import connect
from battery.reference.downstream.server import LONGEST_LINE, converse
from battery.reference.health.dependency import DependencyAnswers
from battery.reference.pool.pool import Pool

Call = Callable[..., httpx.Response]
Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Listens and says nothing."""
    await reader.read()
    writer.close()


async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers what is no answer."""
    await reader.readline()
    writer.write(b"what?\n")
    writer.close()


@asynccontextmanager
async def client_of(server: Converse, seconds: float = 0.05) -> AsyncIterator[DependencyClient]:
    """A client of a server that listens for the time of the block."""
    talks: set[asyncio.Task[None] | None] = set()

    async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with suppress(OSError):  # the client left first
            await server(reader, writer)
            await writer.wait_closed()

    listening = await asyncio.start_server(noted, "127.0.0.1", 0, limit=LONGEST_LINE)
    address = Address("127.0.0.1", listening.sockets[0].getsockname()[1])
    pool = Pool("test", lambda: connect(address, 30.0), size=2, waiters=2, patience=30.0)
    try:
        yield DependencyClient(pool, Breaker(), 30.0 if server is converse else seconds)
    finally:
        pool.close()
        listening.close()
        await asyncio.gather(*(talk for talk in talks if talk))


def test_prices_and_companions_come_over_one_connection(runner: asyncio.Runner) -> None:
    async def use() -> None:
        async with client_of(converse) as client:
            for item in ("bolt", "a b", "%"):
                assert await client.price(item) == price_of(item)
                assert await client.companions(item) == companions_of(item)
            await client.ping()
            assert (client.answered, client.failed, client.pool.idle) == (7, 0, 1)

    runner.run(use())


@pytest.mark.parametrize("server", [silent, nonsense])
def test_whatever_is_no_answer_counts_until_the_breaker_opens(
    runner: asyncio.Runner, server: Converse
) -> None:
    async def use() -> None:
        async with client_of(server) as client:
            for _ in range(THRESHOLD):
                with pytest.raises(DependencyFailure):
                    await client.price("bolt")
            with pytest.raises(BreakerOpen):
                await client.price("bolt")
            assert client.pool.in_use == 0

    runner.run(use())


def test_our_own_crowd_and_a_call_that_is_given_up_do_not_count(runner: asyncio.Runner) -> None:
    async def use() -> None:
        async with client_of(converse) as client:
            ended = await asyncio.gather(*(client.price("bolt") for _ in range(9)), return_exceptions=True)
            assert {type(end) for end in ended if isinstance(end, Exception)} == {DependencyBusy}
            call = asyncio.create_task(client.price("bolt"))
            await asyncio.sleep(0)
            call.cancel()
            await asyncio.wait({call})
            assert (client.breaker.state, client.failed) == ("closed", 0)

    runner.run(use())


def test_a_quote_needs_the_dependency_and_suggestions_do_without(build: Callable[..., Call]) -> None:
    call = build(link=open_link(Address("127.0.0.1", 1)))
    for _ in range(THRESHOLD + 1):
        quote = call("GET", "/api/quote?item=bolt&quantity=3")
        assert (quote.status_code, int(quote.headers["retry-after"]) >= 1) == (503, True)
    assert call("GET", "/api/suggestions?item=bolt").json()["degraded"] is True
    assert call("GET", "/api/quote").status_code == 400
    ready = call("GET", "/api/health/ready").json()
    assert ready["failing"] == ["dependency"]
    assert call("GET", "/api/health/status").json()["state"]["breaker"] in ("open", "half_open")
    metrics = call("GET", "/metrics").text
    assert "breaker_opened_total 1" in metrics
    assert 'pool_size{pool="dependency"} 8' in metrics


def test_ready_says_why_a_dependency_that_nobody_asked_yet_is_not_there(build: Callable[..., Call]) -> None:
    call = build(link=open_link(Address("127.0.0.1", 1)))
    [outcome] = [c for c in call("GET", "/api/health/check").json()["checks"] if c["name"] == "dependency"]
    assert outcome["ok"] is False


def test_without_a_dependency_prices_are_the_services_own(call: Call) -> None:
    quote = call("GET", "/api/quote?item=bolt&quantity=2").json()
    assert quote["total_cents"] == 2 * price_of("bolt").cents
    assert call("GET", "/api/suggestions?item=bolt").json()["degraded"] is False


def test_with_a_dependency_ready_asks_it_and_the_connection_is_dropped_at_the_end(
    runner: asyncio.Runner,
) -> None:
    async def use() -> None:
        async with client_of(converse) as client:
            link = DependencyLink(client, client)
            assert await DependencyAnswers(link).look() == "answers"
            link.close()
            assert client.pool.idle == 0

    runner.run(use())
