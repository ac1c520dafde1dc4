"""The plan: what a run will do and by which rules it will be judged; frozen, hashed and written first."""

from datetime import datetime
from typing import Literal

from battery.model.definition import Definition, Intensity
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.gate import Gate, Level, RuleChange
from battery.model.measure import Measure
from battery.model.profile import Profile
from battery.model.waiver import Waiver

PLAN_FORMAT = 1
Scenario = Literal["passing", "failing"]
Instrument = Literal["load", "chaos", "security", "readiness"]
ALWAYS = "target"  # the instrument of the checks that every run includes: is it there, is it the same?
INSTRUMENTS: tuple[Instrument, ...] = ("load", "chaos", "security", "readiness")


class PlannedCheck(Frozen, frozen=True, kw_only=True):
    """One check that must run: the measures it promises, the gates it feeds, its file by digest."""

    id: str
    title: str
    gates: tuple[str, ...]
    measures: tuple[str, ...]
    instrument: str
    origin: Literal["battery", "user", "placeholder"]
    sha256: str
    limit: float
    profile: str = ""


class DefinitionFile(Frozen, frozen=True, kw_only=True):
    """A gate, level, profile or measure file that the run used."""

    name: str
    sha256: str
    shipped: bool


class Subject(Frozen, frozen=True, kw_only=True):
    """What the certificate speaks about: a name and a sha256."""

    name: str
    sha256: str


class Plan(Frozen, frozen=True, kw_only=True):
    """Everything that was decided before the first measurement."""

    format: int = PLAN_FORMAT
    battery: str
    run: str
    mode: Mode
    scenario: Scenario
    intensity: Intensity
    created: datetime
    deadline: float
    seed: int
    nonce: str
    subject: Subject
    folder: str
    definition: Definition
    measures: tuple[Measure, ...]
    gates: tuple[Gate, ...]
    levels: tuple[Level, ...]
    profiles: tuple[Profile, ...]
    files: tuple[DefinitionFile, ...]
    changes: tuple[RuleChange, ...]
    waivers: tuple[Waiver, ...]
    only: tuple[str, ...]
    new_since: str = ""
    checks: tuple[PlannedCheck, ...]
    not_run: tuple[PlannedCheck, ...] = ()
