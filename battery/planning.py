"""Planning: definitions, target and intensity to a Plan. Pure: clock, seed and collected checks come in."""

from collections.abc import Iterable
from datetime import datetime

from battery.errors import UsageError
from battery.model.definition import Definition, Intensity
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.gate import Gate, Level, RuleChange
from battery.model.measure import Measure
from battery.model.plan import INSTRUMENTS, DefinitionFile, Plan, PlannedCheck, Scenario, Subject
from battery.model.profile import Profile
from battery.model.quantity import seconds
from battery.model.waiver import Waiver

ALWAYS = "target"
PLACEHOLDER_LIMIT = 5.0


class Request(Frozen, frozen=True, kw_only=True):
    """What a user asked for, with all that was read to answer it."""

    battery: str
    run: str
    created: datetime
    seed: int
    nonce: str
    mode: Mode
    scenario: Scenario
    intensity: Intensity
    subject: Subject
    folder: str
    definition: Definition
    gates: tuple[Gate, ...]
    levels: tuple[Level, ...]
    measures: tuple[Measure, ...]
    files: tuple[DefinitionFile, ...]
    changes: tuple[RuleChange, ...]
    profiles: tuple[Profile, ...]
    waivers: tuple[Waiver, ...]
    only: tuple[str, ...]
    only_profiles: tuple[str, ...]
    checks: tuple[PlannedCheck, ...]


def make_plan(request: Request) -> Plan:
    """The plan of a run.

    Raises: UsageError for an unknown instrument or profile, a check named twice, or one that feeds no gate.
    """
    _check_selection(request)
    _check_checks(request)
    selected = [check for check in request.checks if _is_selected(check, request)]
    left_out = [check for check in request.checks if check not in selected]
    if request.mode == "baseline":
        selected += placeholders(request.gates, request.checks)
    return Plan(
        battery=request.battery,
        run=request.run,
        mode=request.mode,
        scenario=request.scenario,
        intensity=request.intensity,
        created=request.created,
        deadline=seconds(request.definition.run.deadline),
        seed=request.seed,
        nonce=request.nonce,
        subject=request.subject,
        folder=request.folder,
        definition=request.definition,
        measures=request.measures,
        gates=request.gates,
        levels=request.levels,
        profiles=request.profiles,
        files=request.files,
        changes=request.changes,
        waivers=request.waivers,
        only=(*request.only, *request.only_profiles),
        checks=tuple(selected),
        not_run=tuple(left_out),
    )


def placeholders(gates: Iterable[Gate], checks: Iterable[PlannedCheck]) -> list[PlannedCheck]:
    """A placeholder check for each judged measure that no check takes, so that a baseline run fills every gate."""
    taken = {measure for check in checks for measure in check.measures}
    return [
        PlannedCheck(
            id=f"placeholder.{gate.id}.{rule.id}",
            title=f"placeholder for {rule.measure}",
            gates=(gate.id,),
            measures=(rule.measure,),
            instrument=gate.instrument,
            origin="placeholder",
            sha256="",
            limit=PLACEHOLDER_LIMIT,
        )
        for gate in gates
        for rule in gate.rule
        if rule.measure not in taken
    ]


def _check_selection(request: Request) -> None:
    for name in request.only:
        if name not in INSTRUMENTS:
            raise UsageError(f'--only: "{name}" is no instrument; choose from {", ".join(INSTRUMENTS)}')
    known = [profile.id for profile in request.profiles]
    for name in request.only_profiles:
        if name not in known:
            raise UsageError(f'--profiles: "{name}" is no profile; choose from {", ".join(known)}')


def _check_checks(request: Request) -> None:
    gates = {gate.id for gate in request.gates}
    measures = {measure.name for measure in request.measures}
    ids: set[str] = set()
    for check in request.checks:
        if check.id in ids:
            raise UsageError(f'two checks are named "{check.id}"; rename one')
        ids.add(check.id)
        if not check.gates or not set(check.gates) <= gates:
            named = ", ".join(check.gates) or "none"
            raise UsageError(
                f"check {check.id} feeds gate {named}; mark it with one of {', '.join(sorted(gates))} "
                'as in @pytest.mark.gate("G4")'
            )
        unknown = sorted(set(check.measures) - measures)
        if unknown:
            raise UsageError(f"check {check.id} promises {unknown[0]}, which no measures.toml declares")


def _is_selected(check: PlannedCheck, request: Request) -> bool:
    if check.instrument == ALWAYS:
        return True
    if request.only and check.instrument not in request.only:
        return False
    return not (request.only_profiles and check.profile and check.profile not in request.only_profiles)
