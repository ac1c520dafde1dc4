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


Listens = Annotated[
    str,
    Meta(
        pattern=r"^(?:|unseen|[1-9][0-9]{0,4}|/[^\x00-\x1f]+)$(?!\n)",
        title="where a process listens",
        description='a port such as "8000", the path of a socket such as "/run/app.sock", or "unseen"',
    ),
]


class Process(Frozen, frozen=True, kw_only=True):
    """How the battery may start, find or restart the target's process.

    `supervised` says that a killed process comes back by itself; the battery then waits for it and starts nothing.
    Only a process that is seen to listen where the target is reached is harmed; `listens` says where it listens itself,
    behind a reverse proxy or in a container. "unseen" takes at your word that the process serves.
    """

    command: tuple[str, ...] = ()
    env: dict[str, str] = {}
    pid_file: str = ""
    restart_command: tuple[str, ...] = ()
    supervised: bool = False
    data: str = ""
    listens: Listens = ""


class Dependency(Frozen, frozen=True, kw_only=True):
    """Something the target talks to, reachable through Toxiproxy during chaos; for SQLite a file instead of an address.

    `endpoint` names one that needs it; `breaker` says that a circuit breaker stands before it, and `breaker_calls` after how
    many failed calls it has opened at the latest, counted over all processes of the target.
    """

    name: Name
    upstream: Address | None = None
    kind: Literal["postgresql", "redis", "http", "tcp", "sqlite"] = "tcp"
    file: str = ""
    endpoint: str = ""
    breaker: bool = False
    breaker_calls: Annotated[int, Meta(ge=1, le=1000)] | None = None

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


Variable = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$(?!\n)",
        title="variable",
        description='the name of an environment variable such as "PATH"',
    ),
]
PORT = "{port}"


class Source(Frozen, frozen=True, kw_only=True):
    """The source tree and the coverage report of its tests.

    With `coverage_command` the battery runs the tests itself in a copy of the tree, and `coverage` names the report in
    that copy. `environment` names the variables that the command gets beside those of a clean home, PATH for instance,
    and `env` gives further ones with their values.
    `package_floor` is the least share of lines that each package must run; without it none is judged.
    """

    path: str = "."
    coverage: str = ""
    coverage_command: tuple[str, ...] = ()
    coverage_limit: Duration = "10 min"
    environment: tuple[Variable, ...] = ()
    env: dict[Variable, str] = {}
    package_floor: Percent | None = None


class Bootstrap(Frozen, frozen=True, kw_only=True):
    """How a clean checkout comes up.

    A free port is handed in as `port_variable`, and stands for {port} in the command and in `url`, below which `ready`
    is asked. `environment` and `env` are the variables that the command gets beside those of a clean home.
    """

    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    ready: UrlPath | None = None
    url: str = "http://127.0.0.1:{port}"
    port_variable: Variable = "PORT"
    environment: tuple[Variable, ...] = ()
    env: dict[Variable, str] = {}
    limit: Duration = "10 min"
    warm: bool = True


DocsPart = Literal["quickstart", "runbooks", "api"]
DOCS_MEASURES: dict[DocsPart, str] = {
    "quickstart": "docs.quickstart.failures",
    "runbooks": "docs.runbooks.missing",
    "api": "docs.api.undescribed",
}


def docs_part_of(check: str) -> str:
    """The part of the documents that a check of this id looks at; empty for any other check."""
    return next((part for part in DOCS_MEASURES if check == f"docs.{part}"), "")


class Docs(Frozen, frozen=True, kw_only=True):
    """Where the documents stand, relative to the source tree.

    `openapi` is a file of the tree, or a path of the target that begins with "/". `rules` are alert rule files, where
    [observability] names none. `quickstart_ready` is a whole URL that answers once the quickstart's service is up, and
    `environment` and `env` are the variables that its blocks get beside those of a clean home.
    A part that is declared not applicable is named on the certificate; one that is merely absent is undecided.
    """

    readme: str = "README.md"
    quickstart: str = ""
    quickstart_ready: str = ""
    quickstart_limit: Duration = "10 min"
    environment: tuple[Variable, ...] = ()
    env: dict[Variable, str] = {}
    runbooks: str = ""
    rules: tuple[str, ...] = ()
    openapi: str = ""
    not_applicable: dict[DocsPart, Annotated[str, Meta(min_length=1)]] = {}
