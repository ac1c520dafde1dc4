"""What the pool and its workers say to each other: a piece of content goes out, an answer comes back."""

from battery.model.frozen import Frozen
from battery.scan.interface import Found


class Piece(Frozen, frozen=True, kw_only=True):
    """One thing to scan: a file of the tree by its path, or content that stands nowhere on disk (history, a log's part).

    `name` is what findings call it; `file` is read when its turn comes. A canary is never cached.
    """

    name: str
    size: int
    file: str = ""
    content: bytes = b""
    cacheable: bool = True


class Answer(Frozen, frozen=True, kw_only=True):
    """What an engine says about one piece. `unread` says why it was not scanned; such a skip is harmless or it is not.

    `marks` is what means something only beside that of other pieces, in a form of the engine's own.
    """

    found: tuple[Found, ...] = ()
    unread: str = ""
    harmless: bool = False
    counts: dict[str, int] = {}
    marks: bytes = b""


class Order(Frozen, frozen=True, kw_only=True):
    """A piece on its way to a worker."""

    engine: str
    name: str
    content: bytes


class Batch(Frozen, frozen=True, kw_only=True):
    """Several orders at once; the worker answers each in a message of its own, so that a crash has a culprit."""

    orders: tuple[Order, ...]


class Progress(Frozen, frozen=True, kw_only=True):
    """How far a scan is. `files` and `total` are what it was given; bytes of what is already scanned or remembered."""

    engine: str
    files: int
    all_files: int
    size: int
    all_size: int
