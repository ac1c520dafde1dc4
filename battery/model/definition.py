"""The definition: everything that battery.toml says."""

from typing import Annotated, Literal, get_args

from msgspec import Meta

from battery.model.capabilities import Capabilities
from battery.model.frozen import Frozen
from battery.model.observability import Observability
from battery.model.quantity import Duration
from battery.model.security import Security
from battery.model.target import (
    Address,
    Bootstrap,
    Dependency,
    Docs,
    Durability,
    Endpoint,
    Process,
    Source,
    Target,
)

Intensity = Literal["smoke", "standard", "full"]
REMOTE_PATIENCE = 300.0  # how long remote workers are waited for: people walk from one machine to the other
INTENSITIES: tuple[Intensity, ...] = ("smoke", "standard", "full")


class CheckFolders(Frozen, frozen=True, kw_only=True):
    """The user's own check folders, relative to battery.toml."""

    folders: tuple[str, ...] = ()


class GateChoice(Frozen, frozen=True, kw_only=True):
    """The user's own gates: a folder of gate files, or only other limits by rule ("G1:coverage.line" = 85)."""

    folder: str = ""
    limit: dict[str, float] = {}


class ProfileChoice(Frozen, frozen=True, kw_only=True):
    """The user's own profiles: files with a shipped id replace it."""

    folder: str = ""


class LoadChoice(Frozen, frozen=True, kw_only=True):
    """What makes the requests of the load profiles, where from, and when a profile ends before its time.

    The requests are those of the endpoints, or of a locustfile with User classes of one's own.
    """

    locustfile: str = ""
    engine: Literal["own", "httpx"] = "own"
    workers: Annotated[
        int,
        Meta(ge=0, le=1024, title="workers", description="a whole number from 0 (as many as fit) to 1024"),
    ] = 0
    remote: Annotated[
        int, Meta(ge=0, le=1024, title="remote workers", description="a whole number from 0 to 1024")
    ] = 0
    listen: Address = "127.0.0.1:5557"
    abort_on_fail: bool = False
    stop_on_growth: bool = False
    checkpoint: Duration = "1 min"


ScenarioId = Literal[
    "restart", "network", "dependency", "database", "disk", "memory", "cpu", "pause", "descriptors", "stress"
]
SCENARIOS: tuple[ScenarioId, ...] = get_args(ScenarioId)


NotApplicable = ScenarioId | Literal["writes", "drops"]


class ChaosChoice(Frozen, frozen=True, kw_only=True):
    """How the chaos scenarios go: the Toxiproxy server, and which scenarios cannot apply to this target, with the reason.

    A scenario that is declared not applicable is named on the certificate; one that is merely impossible is undecided.
    """

    toxiproxy: str = ""
    not_applicable: dict[NotApplicable, Annotated[str, Meta(min_length=1)]] = {}


class RunChoice(Frozen, frozen=True, kw_only=True):
    """How a run goes unless the command line says otherwise.

    `allow_destructive` comes from the command line alone: battery.toml cannot say it.
    """

    intensity: Intensity = "standard"
    deadline: Duration = "12 h"
    valid_for: Duration = "7 d"
    waivers: str = ""
    allow_destructive: bool = False


class Definition(Frozen, frozen=True, kw_only=True):
    """One battery.toml."""

    target: Target = Target()
    endpoint: tuple[Endpoint, ...] = ()
    process: Process | None = None
    dependency: Annotated[tuple[Dependency, ...], Meta(max_length=64)] = ()
    source: Source | None = None
    bootstrap: Bootstrap | None = None
    docs: Docs | None = None
    checks: CheckFolders = CheckFolders()
    gates: GateChoice = GateChoice()
    profiles: ProfileChoice = ProfileChoice()
    load: LoadChoice = LoadChoice()
    durability: Durability | None = None
    chaos: ChaosChoice = ChaosChoice()
    observability: Observability = Observability()
    security: Security = Security()
    capabilities: Capabilities = Capabilities()
    run: RunChoice = RunChoice()
