"""A request's body as JSON, read as leniently and as strictly as the original reads it.

Whatever the content type; only the first value, whatever follows it; keys may come twice, and the last one counts.
"""

import json
import re
from typing import Any, TypeAlias

from battery.chaos.toxiproxy.server.api.refusal import Refusal, bad_body

_BLANK = " \t\r\n"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Number(str):
    """A number as it was written: whether 1e3 is an integer is the reader's question."""

    __slots__ = ()


class Pairs(list[Any]):
    """An object as pairs of key and value, in its order and with its repetitions."""


Value: TypeAlias = "str | Number | bool | Pairs | list[Value] | None"


def read(body: bytes) -> Value:
    """The first value of the body.

    Raises: Refusal.
    """
    text = body.decode("utf-8", "replace").lstrip(_BLANK)
    if not text:
        raise bad_body("EOF")
    try:
        return _DECODER.raw_decode(text)[0]  # type: ignore[no-any-return]
    except json.JSONDecodeError as error:
        raise _refused(error) from None
    except RecursionError:
        raise bad_body("exceeded max depth") from None


def whole(text: str) -> str:
    """Text that can be sent again: half a surrogate pair becomes the replacement character."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _refused(error: json.JSONDecodeError) -> Refusal:
    rest = error.doc[error.pos :].lstrip(_BLANK)
    if not rest or error.msg.startswith("Unterminated string"):
        return bad_body("unexpected EOF")
    return bad_body(f"{error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}")


def _constant(name: str) -> Value:
    # Python reads NaN and Infinity, which no JSON has.
    raise json.JSONDecodeError("Expecting value", name, 0)


_DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=_constant
)
