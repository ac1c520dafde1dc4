"""Closing a listener so that nobody is accepted and then forgotten."""

import asyncio

_TURNS_TO_COME_IN = 3  # of the loop, from the acceptance of a connection to its beginning


async def close(server: asyncio.Server) -> None:
    """Accept nobody more, let in who was accepted, then close; nothing where it is closed already.

    asyncio accepts in one turn of the loop and begins the connection in a later one: where the server is closed in between,
    the connection stays open and nobody knows of it. uvloop does both in one.
    """
    loop = asyncio.get_running_loop()
    if isinstance(loop, asyncio.SelectorEventLoop):
        for listener in server.sockets:
            loop.remove_reader(listener)
        for _ in range(_TURNS_TO_COME_IN):
            await asyncio.sleep(0)
    server.close()
