"""A site: what a small scripted service says to a request, written as a function."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from battery.scan.assess.words import Words

JSON, HTML, TEXT = (
    ("Content-Type", "application/json"),
    ("Content-Type", "text/html"),
    ("Content-Type", "text/plain"),
)


class Heard(NamedTuple):
    """A request as a site hears it; header names in lower case.

    `head` is what came, whatever it was; `half_sent` how many others have not finished theirs; `urls` where the site
    listens, by scheme.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    client: str
    scheme: str
    head: bytes
    half_sent: int = 0
    urls: Mapping[str, str] = {}

    @property
    def is_plain(self) -> bool:
        """Whether it is the simple request for the first page that every scanner begins with."""
        return (
            self.method == "GET"
            and self.path == "/"
            and not self.query
            and b"hardening-battery\r\n" in self.head
        )


class Said(NamedTuple):
    """An answer; after `wait` seconds. A negative status is no answer at all: the connection is closed."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = (JSON,)
    body: str = "{}"
    wait: float = 0.0


Site = Callable[[Heard], Said]
Make = Callable[[Words], Site]
SILENT = Said(status=-1)


def sound(heard: Heard) -> Said:
    """A healthy interface with one resource at /: everything else is refused in good order."""
    if heard.method not in ("GET", "HEAD", "POST"):
        return Said(405)
    if heard.path != "/":
        return Said(404)
    return Said(400 if heard.query or heard.method == "POST" else 200)


def at(path: str, said: Said) -> Site:
    """The healthy site with one answer replaced."""
    return lambda heard: said if heard.path == path and heard.method == "GET" else sound(heard)


def with_headers(*headers: tuple[str, str], kind: tuple[str, str] = JSON, body: str = "{}") -> Site:
    """The healthy site whose page has these headers."""
    return at("/", Said(200, (kind, *headers), body))


def fixed(site: Site) -> Make:
    """A site in which nothing is random."""
    return lambda _: site
