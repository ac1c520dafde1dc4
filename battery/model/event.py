"""The event: one step of a run's progress, as renderers see it."""

from battery.model.evidence import CheckStatus, Mode
from battery.model.frozen import Frozen
from battery.model.verdict import Result, Status


class Event(Frozen, frozen=True, kw_only=True, tag_field="event"):
    """Something that happened, `at` seconds after this session of the run began; a resumed run has several."""

    at: float


class RunStarted(Event, frozen=True, kw_only=True, tag="run-started"):
    """The plan is written."""

    run: str
    mode: Mode
    target: str
    checks: int
    resumed: int


class CheckStarted(Event, frozen=True, kw_only=True, tag="check-started"):
    """A check begins to measure."""

    check: str
    title: str
    number: int
    limit: float


class CheckProgress(Event, frozen=True, kw_only=True, tag="check-progress"):
    """A check tells how far it has come (0..1) and what it does."""

    check: str
    fraction: float
    text: str


class CheckTold(Event, frozen=True, kw_only=True, tag="check-told"):
    """A check says something that shall stay readable: a minute of a soak, a leg that it goes on from."""

    check: str
    text: str


class CheckFinished(Event, frozen=True, kw_only=True, tag="check-finished"):
    """A check has recorded its evidence."""

    check: str
    status: CheckStatus
    seconds: float
    reason: str
    measures: dict[str, float]


class GateJudged(Event, frozen=True, kw_only=True, tag="gate-judged"):
    """A gate has its verdict."""

    gate: str
    title: str
    status: Status
    reason: str


class RunFinished(Event, frozen=True, kw_only=True, tag="run-finished"):
    """The run is judged."""

    mode: Mode = "real"
    result: Result
    level: str
    certificate: str


AnyEvent = RunStarted | CheckStarted | CheckProgress | CheckTold | CheckFinished | GateJudged | RunFinished
