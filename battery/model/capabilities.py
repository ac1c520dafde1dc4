"""The [capabilities] table: for each capability the requests and commands that show it."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from battery.model.frozen import Frozen
from battery.model.quantity import Duration
from battery.model.target import Expect, JsonPath, UrlPath

CapabilityId = Literal[
    "health", "restart", "degradation", "audit", "guardian", "queue", "telemetry", "snapshots"
]
CAPABILITIES: tuple[CapabilityId, ...] = get_args(CapabilityId)
JOB, BACKUP, NUMBER = "{id}", "{backup}", "{number}"
_Command = tuple[Annotated[str, Meta(max_length=4096)], ...]
_Count = Annotated[int, Meta(ge=1, le=100_000, title="count", description="a whole number from 1 to 100000")]


class Call(Frozen, frozen=True, kw_only=True):
    """One request. `{number}` in path or body stands for its number, where many are sent.

    It carries the headers of [target] and its own over them; an anonymous one carries its own alone.
    """

    path: UrlPath
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    headers: dict[str, str] = {}
    body: str = ""
    anonymous: bool = False


class Told(Frozen, frozen=True, kw_only=True):
    """A value that the target tells: what stands at a dotted path of a JSON answer, or a metric of its metrics path."""

    path: UrlPath | None = None
    json: JsonPath | None = None
    metric: str = ""
    headers: dict[str, str] = {}


class HealthShown(Frozen, frozen=True, kw_only=True):
    """Where the target tells how its parts are; the health paths themselves stand in [target]."""

    cpu: Told | None = None
    memory: Told | None = None
    disk: Told | None = None
    modules: Told | None = None


class RestartShown(Frozen, frozen=True, kw_only=True):
    """Where the target tells how often it was restarted; who is killed and brought back stands in [process]."""

    count: Told | None = None
    patience: Duration = "60 s"


class DegradationShown(Frozen, frozen=True, kw_only=True):
    """Where the target tells its level, what presses it, and a feature of each kind.

    The spare one is switched off when its answer is as `off` says; the essential one must be answered with 2xx.
    `traffic` is sent all the while: a target may notice a lost dependency only when somebody needs it. `rest` is the
    level of a target that lacks nothing, which is waited for before it is pressed.
    """

    level: Told
    rest: str = ""
    pressure: Literal["cpu", "memory", "dependency"] = "cpu"
    dependency: str = ""
    spare: Call | None = None
    off: Expect = Expect(status=(503,))
    essential: Call | None = None
    traffic: Call | None = None
    patience: Duration = "60 s"


class AuditShown(Frozen, frozen=True, kw_only=True):
    """The audit log as a file, an action that leaves a record, and who verifies a log.

    `beside` are files that a verifier needs in the log's folder, such as its head or key. `{file}` in the command
    stands for the log. Without command and path the battery follows the chain itself, to the end that `records` and
    `head` tell. `description` is a file that says how the chain is made, where that cannot be found out.
    """

    file: Annotated[str, Meta(min_length=1)]
    action: Call | None = None
    verify_command: _Command = ()
    verify_path: UrlPath | None = None
    beside: tuple[str, ...] = ()
    records: Told | None = None
    head: Told | None = None
    description: str = ""
    patience: Duration = "10 s"


class GuardianShown(Frozen, frozen=True, kw_only=True):
    """Requests that abuse, the one that isolates and whom, and those that lock down and release.

    `isolated` is refused while the isolation lasts, `others` is served meanwhile, `locked` is refused in lockdown.
    """

    abuse: Call | None = None
    abuse_requests: _Count = 300
    credentials: Call | None = None
    credential_tries: _Count = 20
    isolate: Call | None = None
    isolated: Call | None = None
    others: Call | None = None
    end_isolation: Call | None = None
    lockdown: Call | None = None
    locked: Call | None = None
    release: Call | None = None
    patience: Duration = "60 s"


class QueueShown(Frozen, frozen=True, kw_only=True):
    """How work is handed in and looked at: `{id}` in `job` stands for what the answer tells at `id`."""

    submit: Call
    id: JsonPath = "id"
    job: Call
    state: JsonPath = "state"
    done: Annotated[tuple[str, ...], Meta(min_length=1)] = ("done",)
    depth: Told | None = None
    capacity: Told | None = None
    flood: _Count = 300
    patience: Duration = "2 min"


class SnapshotsShown(Frozen, frozen=True, kw_only=True):
    """The commands of the drill, run in battery.toml's folder, and how the content is seen.

    `{backup}` in a command stands for a fresh path. `content` are files and folders that are hashed, `digest_command`
    prints a digest of the content instead. `write` is a request that changes the content before the backup.
    """

    backup: Annotated[_Command, Meta(min_length=1)]
    destroy: Annotated[_Command, Meta(min_length=1)]
    restore: Annotated[_Command, Meta(min_length=1)]
    content: tuple[str, ...] = ()
    digest_command: _Command = ()
    write: Call | None = None
    limit: Duration = "5 min"


class Capabilities(Frozen, frozen=True, kw_only=True):
    """What shows each capability; `required` are those that must be complete for G6 to pass.

    Telemetry has no table: metrics stand in [target], rules and dashboards in [observability].
    """

    required: tuple[CapabilityId, ...] = ()
    health: HealthShown | None = None
    restart: RestartShown | None = None
    degradation: DegradationShown | None = None
    audit: AuditShown | None = None
    guardian: GuardianShown | None = None
    queue: QueueShown | None = None
    snapshots: SnapshotsShown | None = None

    def requests(self) -> Iterator[tuple[str, Call | Told]]:
        """Every request in the tables below, with its key."""
        for name in CAPABILITIES:
            shown = getattr(self, name, None)
            for key, value in (msgspec.structs.asdict(shown) if shown else {}).items():
                if isinstance(value, (Call, Told)):
                    yield f"{name}.{key}", value

    def secret_texts(self) -> tuple[str, ...]:
        """What may refer to a secret."""
        return tuple(value for _, request in self.requests() for value in request.headers.values())
