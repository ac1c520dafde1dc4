"""Answering questions: a line in, a JSON line out.

    ping                    {"pong":true}
    price ITEM              {"item":…,"cents":…}
    companions ITEM         {"item":…,"items":[…]}

ITEM is percent-encoded; whatever else is said gets {"error":…}.
"""

import asyncio
from urllib.parse import unquote

import msgspec

from battery.reference.dependency.prices import companions_of, price_of

LONGEST_LINE = 4096


def answer_to(line: bytes) -> bytes:
    """The line that answers `line`."""
    verb, _, argument = line.decode("utf-8", "replace").strip().partition(" ")
    item = unquote(argument)
    if verb == "ping":
        value: object = {"pong": True}
    elif verb == "price" and item:
        value = price_of(item)
    elif verb == "companions" and item:
        value = companions_of(item)
    else:
        value = {"error": "say ping, price ITEM or companions ITEM"}
    return msgspec.json.encode(value) + b"\n"


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one client until it leaves or says a line that is too long."""
    try:
        while line := await reader.readline():
            writer.write(answer_to(line))
            await writer.drain()
    except (OSError, ValueError, asyncio.CancelledError):
        # The client broke off or asked without end, or the process ends: the connection closes, which says it all.
        pass
    finally:
        writer.close()
