"""Planning: definitions, target and intensity to a Plan. Pure: clock, seed and collected checks come in."""

import difflib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from battery.errors import UsageError
from battery.model.definition import REMOTE_PATIENCE, SCENARIOS, Definition, Intensity
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.gate import Gate, Level, Rule, RuleChange, judged_at
from battery.model.measure import Measure
from battery.model.observability import part_of
from battery.model.plan import ALWAYS, INSTRUMENTS, DefinitionFile, Plan, PlannedCheck, Scenario, Subject
from battery.model.profile import Profile, Shape
from battery.model.quantity import seconds
from battery.model.security import scanner_of
from battery.model.target import docs_part_of
from battery.model.waiver import Waiver

PLACEHOLDER_LIMIT = 5.0
_MOST_LISTED = 12
# More faults, held longer and more often; each may take its minute to recover.
_CHAOS_TIME: dict[Intensity, int] = {"smoke": 1, "standard": 4, "full": 16}
CHAOS, CONTROL = "chaos.", "chaos.control"


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
    own_measures: tuple[str, ...] = ()
    files: tuple[DefinitionFile, ...]
    changes: tuple[RuleChange, ...]
    profiles: tuple[Profile, ...]
    waivers: tuple[Waiver, ...]
    only: tuple[str, ...]
    only_profiles: tuple[str, ...]
    only_scenarios: tuple[str, ...] = ()
    only_scanners: tuple[str, ...] = ()
    new_since: str = ""
    checks: tuple[PlannedCheck, ...]


def make_plan(request: Request) -> Plan:
    """The plan of a run.

    Raises: UsageError for an unknown instrument or profile, a check named twice, or one that feeds no gate
    or promises what no definition names.
    """
    _check_selection(request)
    _check_checks(request)
    _check_waivers(request)
    gates = judged_at(request.gates, request.intensity)
    checks = [_with_time(check, request) for check in request.checks if _applies(check, request)]
    selected = [check for check in checks if _is_selected(check, request)]
    left_out = [check for check in checks if not _is_selected(check, request)]
    if request.mode == "baseline":
        selected += placeholders(gates, checks)
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
        gates=gates,
        levels=request.levels,
        profiles=request.profiles,
        files=request.files,
        changes=request.changes,
        waivers=request.waivers,
        only=(*request.only, *request.only_profiles, *request.only_scanners),
        new_since=request.new_since,
        checks=tuple(selected),
        not_run=tuple(left_out),
    )


def _applies(check: PlannedCheck, request: Request) -> bool:
    """Whether battery.toml does not call what the check tries not applicable; the certificate names what is."""
    if check.origin != "battery":
        return True
    definition = request.definition
    if check.instrument == ALWAYS and request.only_scanners and not definition.target.url:
        return False  # a scan of the source alone has no target to look at
    scenarios = {f"{CHAOS}{scenario}" for scenario in definition.chaos.not_applicable}
    if part_of(check.id) in definition.observability.not_applicable:
        return False
    if definition.docs and docs_part_of(check.id) in definition.docs.not_applicable:
        return False
    return check.id not in scenarios and scanner_of(check.id) not in definition.security.not_applicable


def _with_time(check: PlannedCheck, request: Request) -> PlannedCheck:
    """A check that runs a profile promises all of its measures, and may take its duration on top of its own limit."""
    if check.id.startswith(CHAOS):
        return msgspec.structs.replace(check, limit=check.limit * _CHAOS_TIME[request.intensity])
    if not check.profile:
        return check
    begin = f"load.{check.profile.lower()}."
    names = [
        *check.measures,
        *(measure.name for measure in request.measures if measure.name.startswith(begin)),
    ]
    profile = next(profile for profile in request.profiles if profile.id == check.profile)
    shape: Shape = getattr(profile, request.intensity)
    patience = REMOTE_PATIENCE if request.definition.load.remote else 0.0
    return msgspec.structs.replace(
        check, measures=tuple(dict.fromkeys(names)), limit=check.limit + shape.seconds + patience
    )


def placeholders(gates: Sequence[Gate], checks: Iterable[PlannedCheck]) -> list[PlannedCheck]:
    """A placeholder check for each judged measure that no check takes, so that a baseline run fills every gate."""
    taken = {measure for check in checks for measure in check.measures}
    found: dict[str, PlannedCheck] = {}
    for gate in gates:
        for rule in gate.rule:
            if rule.measure not in taken and rule.measure not in found:
                found[rule.measure] = _placeholder(gate, rule, gates)
    return list(found.values())


def _placeholder(gate: Gate, rule: Rule, gates: Sequence[Gate]) -> PlannedCheck:
    """It feeds every gate that judges the measure."""
    judged = tuple(other.id for other in gates if any(each.measure == rule.measure for each in other.rule))
    return PlannedCheck(
        id=f"placeholder.{gate.id}.{rule.id}",
        title=f"placeholder for {rule.measure}",
        gates=judged,
        measures=(rule.measure,),
        instrument=gate.instrument,
        origin="placeholder",
        sha256="",
        limit=PLACEHOLDER_LIMIT,
    )


def _check_selection(request: Request) -> None:
    for name in request.only:
        if name not in INSTRUMENTS:
            raise UsageError(f"--only: {name!r} is no instrument; choose from {', '.join(INSTRUMENTS)}")
    known = [profile.id for profile in request.profiles]
    for name in request.only_scenarios:
        if name not in SCENARIOS:
            close = difflib.get_close_matches(name, SCENARIOS, n=1)
            meant = f"did you mean {close[0]}? Else" if close else ""
            listed = f"{meant} choose from all, {', '.join(SCENARIOS)}".strip()
            raise UsageError(f"--scenario: {name!r} is no scenario; {listed}")
    for name in request.only_profiles:
        if name not in known:
            raise UsageError(f"--profiles: {name!r} is no profile; choose from {', '.join(known)}")


def _check_checks(request: Request) -> None:
    gates = [gate.id for gate in request.gates]
    measures = [measure.name for measure in request.measures]
    profiles = [profile.id for profile in request.profiles]
    ids: set[str] = set()
    for check in request.checks:
        if check.id in ids or check.id.startswith("placeholder."):
            raise UsageError(f"the check name {check.id!r} is taken already; rename one")
        ids.add(check.id)
        if not check.gates:
            raise UsageError(f'check {check.id!r} feeds no gate; mark it as in @pytest.mark.gate("G4")')
        _check_known(check.id, "feeds gate", check.gates, gates)
        _check_known(check.id, "promises measure", check.measures, measures)
        if check.origin == "user":
            _check_own(check, request.own_measures)
        _check_known(check.id, "runs profile", (check.profile,) if check.profile else (), profiles)


def _check_waivers(request: Request) -> None:
    known = [f"{gate.id}:{rule.id}" for gate in request.gates for rule in gate.rule]
    for waiver in request.waivers:
        if waiver.rule and waiver.rule not in known:
            close = difflib.get_close_matches(waiver.rule, known, n=1)
            hint = f'did you mean "{close[0]}"?' if close else 'name a rule as in "G1:coverage.line"'
            raise UsageError(f"a waiver names the rule {waiver.rule!r}, which no gate has ({hint})")


def _check_own(check: PlannedCheck, own: Sequence[str]) -> None:
    """A shipped measure means what the battery's own check takes; nobody else may state it."""
    for name in check.measures:
        if name not in own:
            raise UsageError(
                f"check {check.id!r} promises {name!r}, which only the battery's own checks measure; "
                "declare a measure of your own in a measures.toml in your gates folder"
            )


def _check_known(check: str, does: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            listed = f"known: {', '.join(known)}" if len(known) <= _MOST_LISTED else "define it first"
            hint = f'did you mean "{close[0]}"?' if close else listed
            raise UsageError(f"check {check!r} {does} {name!r}, which no definition names ({hint})")


def _is_selected(check: PlannedCheck, request: Request) -> bool:
    if check.instrument == ALWAYS:
        return True
    if request.only and check.instrument not in request.only:
        return False
    if request.only_scenarios and check.id.startswith(CHAOS) and check.id != CONTROL:
        return check.id.removeprefix(CHAOS) in request.only_scenarios
    if request.only_scanners and (scanner := scanner_of(check.id)):
        return scanner in request.only_scanners
    return not (request.only_profiles and check.profile and check.profile not in request.only_profiles)
