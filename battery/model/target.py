"""The target: what is certified, as battery.toml describes it."""

import re
from typing import Annotated, Literal

from msgspec import Meta, field

from battery.model.frozen import Frozen
from battery.model.quantity import Duration

UrlPath = Annotated[
    str,
    Meta(
        pattern=r"^/(?!/)[^\s\x00-\x1f\x7f]*$(?!\n)",
        title="path",
        description='a path that starts with one "/" and holds no space',
    ),
]
Weight = Annotated[
    int, Meta(ge=1, le=1_000_000, title="weight", description="a whole number from 1 to 1000000")
]
Status = Annotated[int, Meta(ge=100, le=599, title="status", description="an HTTP status from 100 to 599")]
Name = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$(?!\n)",
        title="name",
        description="up to 100 letters, digits, '.', '_' and '-'",
    ),
]
Address = Annotated[
    str,
    Meta(
        pattern=r"^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$(?!\n)",
        title="address",
        description='"HOST:PORT" without a scheme',
    ),
]


JsonPath = Annotated[
    str,
    Meta(
        pattern=r"^[^.\x00-\x1f]+(?:\.[^.\x00-\x1f]+)*$(?!\n)",
        title="path in a JSON document",
        description='names and numbers between dots, such as "status" or "items.0.id"',
    ),
]
Percent = Annotated[float, Meta(gt=0, le=100, title="percent", description="a number above 0 and up to 100")]


class Identity(Frozen, frozen=True, kw_only=True):
    """Where the target says what it is, read before and after the run."""

    path: UrlPath
    json: str = ""


class Target(Frozen, frozen=True, kw_only=True):
    """The service and its well-known paths; headers hold secrets as env: references only."""

    url: str = ""
    live: UrlPath | None = None
    ready: UrlPath | None = None
    status: UrlPath | None = None
    metrics: UrlPath | None = None
    environment: str = ""
    headers: dict[str, str] = {}
    identity: Identity | None = None


class Expect(Frozen, frozen=True, kw_only=True):
    """What an answer must look like to count as right."""

    status: Annotated[tuple[Status, ...], Meta(min_length=1)] = (200,)
    body_contains: str = ""
    json: dict[JsonPath, str | int | float | bool | None] = {}


class Endpoint(Frozen, frozen=True, kw_only=True):
    """One request that load and scans send."""

    name: Name
    path: UrlPath
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = "GET"
    weight: Weight = 1
    weight_class: Literal["light", "heavy"] = field(default="light", name="class")
    headers: dict[str, str] = {}
    body: str = ""
    expect: Expect = Expect()
    p99: Duration | None = None
    errors: Percent | None = None

    @property
    def slug(self) -> str:
        """The name as measures spell it."""
        return re.sub(r"[^a-z0-9]+", "_", self.name.lower()).strip("_")


class Process(Frozen, frozen=True, kw_only=True):
    """How the battery may start, find or restart the target's process.

    `supervised` says that a killed process comes back by itself; the battery then waits for it and starts nothing.
    """

    command: tuple[str, ...] = ()
    env: dict[str, str] = {}
    pid_file: str = ""
    restart_command: tuple[str, ...] = ()
    supervised: bool = False
    data: str = ""


class Dependency(Frozen, frozen=True, kw_only=True):
    """Something the target talks to, reachable through Toxiproxy during chaos; for SQLite a file instead of an address.

    `endpoint` names one that needs it; `breaker` says that a circuit breaker stands before it.
    """

    name: Name
    upstream: Address | None = None
    kind: Literal["postgresql", "redis", "http", "tcp", "sqlite"] = "tcp"
    file: str = ""
    endpoint: str = ""
    breaker: bool = False

    @property
    def is_database(self) -> bool:
        """Whether what the target remembers stands there."""
        return self.kind in ("postgresql", "sqlite")


RECORD, RUN, AFTER = "{record}", "{run}", "{after}"


class DurableWrite(Frozen, frozen=True, kw_only=True):
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


class DurableRead(Frozen, frozen=True, kw_only=True):
    """How all records are read: a JSON answer with a list at the dotted path `items`, "" for the answer itself.

    Where the list comes in pages, `{after}` in the path stands for the cursor: `first` for the first page, then what
    stands at the dotted path `next` of the page before, until nothing does.
    """

    path: UrlPath
    items: str = ""
    next: str = ""
    first: str = "0"


class Durability(Frozen, frozen=True, kw_only=True):
    """The pair of endpoints that shows whether acknowledged writes stay."""

    write: DurableWrite
    read: DurableRead


class Source(Frozen, frozen=True, kw_only=True):
    """The source tree and the coverage report of its tests."""

    path: str = "."
    coverage: str = ""


class Bootstrap(Frozen, frozen=True, kw_only=True):
    """How a clean checkout comes up."""

    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    ready: UrlPath | None = None


class Docs(Frozen, frozen=True, kw_only=True):
    """Where the documents stand, relative to the source tree."""

    readme: str = "README.md"
    quickstart: str = ""
    runbooks: str = ""
