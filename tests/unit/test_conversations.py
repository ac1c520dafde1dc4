"""A server that is closed leaves no connection open, whatever its conversations were at."""

import asyncio
import gc
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable

import pytest

from battery.conversations import closed, listening


async def silent(reader: StreamReader, writer: StreamWriter) -> None:
    await asyncio.Event().wait()


async def broken(reader: StreamReader, writer: StreamWriter) -> None:
    raise LookupError("no such line")


def test_whoever_still_talks_is_hung_up_on() -> None:
    async def main() -> bytes:
        async with listening(silent) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    assert asyncio.run(main()) == b""
    gc.collect()  # a connection left open would be told here, as an error


@pytest.mark.parametrize("turns", range(4))
def test_a_connection_that_came_at_the_last_moment_is_closed_too(turns: int) -> None:
    async def main(visitor: socket.socket) -> None:
        async with listening(silent) as port:
            visitor.connect(("127.0.0.1", port))
            for _ in range(turns):
                await asyncio.sleep(0)

    with socket.socket() as visitor:
        asyncio.run(main(visitor))
        gc.collect()


def test_what_was_written_arrives_though_the_conversation_is_over() -> None:
    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"x" * 5_000_000)

    async def main() -> int:
        async with listening(talk) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            heard = len(await reader.read())
            writer.close()
            return heard

    assert asyncio.run(main()) == 5_000_000


@pytest.mark.parametrize("wait", [closed, StreamWriter.wait_closed])
def test_a_conversation_that_waits_for_its_own_closing_is_called_off_like_any_other(
    wait: Callable[[StreamWriter], Awaitable[None]],
) -> None:
    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"x" * 50_000_000)  # more than anybody's buffers hold
        writer.close()
        await wait(writer)

    async def main() -> None:
        async with listening(talk) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.close()

    asyncio.run(main())
    gc.collect()


def test_a_failure_of_the_block_is_not_hidden_by_one_of_a_conversation() -> None:
    async def main() -> None:
        async with listening(broken) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.read()
            writer.close()
            raise RuntimeError("of the block")

    with pytest.raises(RuntimeError, match="of the block"):
        asyncio.run(main())


@pytest.mark.parametrize("says", [b"", b"half a li", b"x" * 200_000])
def test_a_visitor_who_hangs_up_is_no_failure(says: bytes) -> None:
    over = asyncio.Event()

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await reader.readuntil(b"\n")
        finally:
            over.set()

    async def main() -> None:
        async with listening(talk) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(says)
            writer.close()
            await over.wait()

    asyncio.run(main())


def test_what_breaks_a_conversation_is_raised_at_the_end() -> None:
    async def main() -> None:
        async with listening(broken) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await reader.read() == b""
            writer.close()

    with pytest.raises(LookupError, match="no such line"):
        asyncio.run(main())


def test_a_taken_port_is_told() -> None:
    async def main(port: int) -> None:
        async with listening(silent, port=port):
            pytest.fail("two servers on one port")

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        asyncio.run(main(taken.getsockname()[1]))
