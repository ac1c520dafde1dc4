"""What came back: an answer, or a silence with its reason. Never an exception."""

import zlib
from typing import Literal, TypeAlias

from battery.model.frozen import Frozen

Why = Literal[
    "refused",
    "reset",
    "closed",
    "timeout",
    "protocol",
    "tls",
    "certificate",
    "header-flood",
    "scope",
    "budget",
    "gone",
]
# Node's http module, which the Observatory stands on, keeps the first of these and joins all others.
_SINGLE = frozenset(
    (
        *("age", "authorization", "content-length", "content-type", "etag", "expires", "from", "host"),
        *("if-modified-since", "if-unmodified-since", "last-modified", "location", "max-forwards"),
        *("proxy-authorization", "referer", "retry-after", "server", "user-agent"),
    )
)


class Answer(Frozen, frozen=True, kw_only=True):
    """An HTTP answer. `cut` says that the body went on beyond the limit."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: bool = False
    seconds: float = 0.0

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header."""
        return tuple(value for known, value in self.headers if known == name)

    def header(self, name: str) -> str | None:
        """A header as one value, as browsers combine it; None when it is absent."""
        values = self.all(name)
        if not values:
            return None
        return values[0] if name in _SINGLE else ", ".join(values)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Whether a browser would render it as a page."""
        return self.media_type in ("text/html", "application/xhtml+xml")

    def text(self, limit: int = 256 * 1024) -> str:
        """The body as text, unpacked no further than the limit."""
        return _unpacked(self.body, (self.header("content-encoding") or "").lower(), limit).decode(
            "utf-8", "replace"
        )


class Silence(Frozen, frozen=True, kw_only=True):
    """No usable answer, and why."""

    url: str
    why: Why
    reason: str
    seconds: float = 0.0


Outcome: TypeAlias = Answer | Silence


def in_words(outcome: Outcome) -> str:
    """The outcome in a few words."""
    if isinstance(outcome, Silence):
        return outcome.reason
    return f"status {outcome.status}" + (", body cut off" if outcome.cut else "")


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """The first bytes of what gzip or deflate hold; anything else as it is."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return body[:limit]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, limit)
    except zlib.error:
        return body[:limit]
