"""The declaration: the target's own pair of endpoints that writes a record and lists all of them."""

from typing import Annotated, Literal

from msgspec import Meta

from battery.errors import UsageError
from battery.model.frozen import Frozen
from battery.model.target import Status, UrlPath

RECORD, RUN, AFTER = "{record}", "{run}", "{after}"


class Write(Frozen, frozen=True, kw_only=True):
    """How one record is written; `{record}` in path, body or headers stands for its id, `{run}` for the run's.

    Only an answer with one of `status` acknowledges. 202 is not among them: who answers it has promised nothing yet.
    With `retry`, a write without a clear answer is sent again with the same id, also as its Idempotency-Key.
    """

    path: UrlPath
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    body: str = ""
    headers: dict[str, str] = {}
    status: Annotated[tuple[Status, ...], Meta(min_length=1)] = (200, 201, 204)
    retry: bool = False


class Read(Frozen, frozen=True, kw_only=True):
    """How all records are read: a JSON answer with a list at the dotted path `items`, "" for the answer itself.

    Where the list comes in pages, `{after}` in the path stands for the cursor: `first` for the first page, then what
    stands at the dotted path `next` of the page before, until nothing does.
    """

    path: UrlPath
    items: str = ""
    next: str = ""
    first: str = "0"


class Durability(Frozen, frozen=True, kw_only=True):
    """Both."""

    write: Write
    read: Read


def check_declaration(declared: Durability) -> None:
    """Raises: UsageError when records could not be told apart, or pages not be turned."""
    write, read = declared.write, declared.read
    if not any(RECORD in text for text in (write.path, write.body)):
        raise UsageError(
            f"[durability] write: neither path nor body holds {RECORD}: records could not be told apart; put it into the body"
        )
    if (AFTER in read.path) != bool(read.next):
        raise UsageError(
            f"[durability] read: {AFTER} in the path and next belong together; got path {read.path!r}, next {read.next!r}"
        )
