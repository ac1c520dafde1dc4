"""The reading: the run's records as the target lists them, or why the list could not be read. Pure."""

from typing import Any

import msgspec

from battery.chaos.durability.token import Token
from battery.model.frozen import Frozen
from battery.model.target import DurableRead


class Reading(Frozen, frozen=True, kw_only=True):
    """Numbers in the order of the list, one for each item that holds one; `items` counts all, other data too.

    With a `problem` the list was not read to its end: what is in `records` is there, what is not is unknown.
    """

    records: tuple[int, ...] = ()
    items: int = 0
    pages: int = 0
    problem: str = ""


class Page(Frozen, frozen=True, kw_only=True):
    """One page; `next` is the cursor of the following one, empty at the end."""

    records: tuple[int, ...]
    items: int
    next: str = ""


class Unreadable(Exception):
    """A page is not what the declaration says; the text is for people."""


def page_of(body: bytes, read: DurableRead, token: Token) -> Page:
    """The page in an answer's body. Raises: Unreadable."""
    try:
        document: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"the answer is no JSON: {error}") from error
    items = _at(document, read.items)
    if not isinstance(items, list):
        place = f"at {read.items!r}" if read.items else "as the whole answer"
        raise Unreadable(f"expected a list {place}, found {_kind(items)}; mend [durability] read items")
    records = [number for item in items for number in _one(item, token)]
    return Page(records=tuple(records), items=len(items), next=_cursor(document, read))


def _one(item: Any, token: Token) -> tuple[int, ...]:
    found = token.found(msgspec.json.encode(item).decode())
    if len(found) > 1:
        raise Unreadable(f"one item holds {len(found)} records: is {_kind(item)} of the list one record?")
    return found


def _cursor(document: Any, read: DurableRead) -> str:
    value = _at(document, read.next) if read.next else None
    if value in (None, "", False):
        return ""
    if not isinstance(value, str | int):
        raise Unreadable(f"the cursor at {read.next!r} is {_kind(value)}, expected a text or a whole number")
    return str(value)


def _at(document: Any, path: str) -> Any:
    """What stands at the dotted path; None where nothing does."""
    for step in path.split(".") if path else ():
        document = document.get(step) if isinstance(document, dict) else None
    return document


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", type(None): "nothing"}
    return kinds.get(type(value), f"a {type(value).__name__}")
