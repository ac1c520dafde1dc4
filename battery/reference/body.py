"""Reading a request body that may be too large, too slow or cut off."""

import asyncio
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from battery.reference.problems import Problem

T = TypeVar("T")


class BodyLimits(msgspec.Struct, frozen=True):
    """What a client may send: bytes that are accepted, bytes that are read at all, and the time for both."""

    accepted_bytes: int = 16 * 1024
    read_bytes: int = 1024 * 1024
    seconds: float = 10.0


async def read_body(request: Request, limits: BodyLimits) -> bytes:
    """The whole body.

    Raises: Problem 400 when the client leaves, 408 when it is too slow, 413 when it sends too much.
    """
    try:
        async with asyncio.timeout(limits.seconds):
            return await _collect(request, limits)
    except TimeoutError:
        raise Problem(408, f"the body did not arrive within {limits.seconds:g} s") from None
    except ClientDisconnect:
        raise Problem(400, "the body was cut off") from None


async def read_json(request: Request, limits: BodyLimits, kind: type[T]) -> T:
    """The body as the JSON of a `kind`.

    Raises: Problem 415 for another media type, 400 for what is no JSON, 422 for what is no `kind`; see read_body.
    """
    body = await read_body(request, limits)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(415, "the body must be application/json")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Problem(422, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(400, "the body is not valid JSON") from None


async def _collect(request: Request, limits: BodyLimits) -> bytes:
    kept, total = bytearray(), 0
    async for chunk in request.stream():
        total += len(chunk)
        if total <= limits.accepted_bytes:
            kept += chunk
        # A client that is still sending when the connection closes sees a reset and not the 413:
        # what is too much is read on and dropped, up to a bound.
        elif total > limits.read_bytes:
            break
    if total > limits.accepted_bytes:
        raise Problem(413, f"the body is larger than {limits.accepted_bytes} bytes")
    return bytes(kept)
