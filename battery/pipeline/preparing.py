"""Preparing: what a user chose becomes a frozen plan in a new run folder."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec

from battery import clock
from battery.definitions.asked_rules import with_asked_rules
from battery.definitions.documents_left_out import without_documents
from battery.definitions.endpoint_limits import with_endpoint_limits
from battery.definitions.gates import Gates, load_gates
from battery.definitions.not_applicable import without_not_applicable, without_parts
from battery.definitions.profiles import Profiles, load_profiles
from battery.definitions.scanners_left_out import scanners_left_out
from battery.definitions.soak import Soak, soaked, with_time_for
from battery.definitions.waivers import load_waivers
from battery.errors import DefinitionError, UsageError
from battery.judging.instrument import promised_gates
from battery.load.http2.present import require_http2
from battery.load.journeys.preflight import locustfile_problem
from battery.model.definition import Definition, Intensity
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.plan import Plan, Scenario, Subject
from battery.planning import Request, make_plan
from battery.redaction import redact, resolve, secrets_of, variables_of
from battery.runner.collection import collect_checks
from battery.scan.named import check_named
from battery.store import RunFolder, encode
from battery.version import version


class Choices(Frozen, frozen=True, kw_only=True):
    """What the command line chose, over what battery.toml says."""

    mode: Mode
    scenario: Scenario
    intensity: Intensity
    subject: Subject
    nonce: str
    seed: int | None
    only: tuple[str, ...]
    profiles: tuple[str, ...]
    file: str = "battery.toml"
    soak: Soak | None = None
    scenarios: tuple[str, ...] = ()
    scanners: tuple[str, ...] = ()
    new_since: str = ""
    promised_only: bool = False


def prepare(definition: Definition, base: Path, artifacts: Path, choices: Choices) -> RunFolder:
    """A new run folder with its frozen plan; `base` is the folder that relative paths start from.

    Raises: DefinitionError, UsageError, StoreError.
    """
    now = clock.now()
    if choices.mode == "real":
        check_environment(definition)
        if not choices.only or "security" in choices.only:
            check_named(definition, base, choices.new_since)
    _check_locustfile(definition, base, choices.file)
    if definition.load.engine == "httpx":
        require_http2()
    profiles = load_profiles(definition.profiles, base)
    if choices.soak is not None:
        profiles = soaked(profiles, choices.soak)
        definition = with_time_for(definition, choices.soak)
    gates = _gates(definition, base, profiles, choices.file)
    waivers = load_waivers(base / definition.run.waivers, now) if definition.run.waivers else ()
    plan = make_plan(
        Request(
            battery=version(),
            run=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
            created=now,
            seed=secrets.randbits(32) if choices.seed is None else choices.seed,
            nonce=choices.nonce,
            mode=choices.mode,
            scenario=choices.scenario,
            intensity=choices.intensity,
            subject=choices.subject,
            folder=str(base.resolve()),
            definition=definition,
            gates=gates.gates,
            levels=gates.levels,
            measures=gates.measures,
            own_measures=gates.own_measures,
            files=(*gates.files, *profiles.files),
            changes=(*gates.changes, *profiles.changes, *scanners_left_out(definition.security)),
            profiles=profiles.profiles,
            waivers=waivers,
            only=choices.only,
            only_profiles=choices.profiles,
            only_scenarios=choices.scenarios,
            only_scanners=choices.scanners,
            new_since=choices.new_since,
            checks=collect_checks(check_folders(definition, base), profiles.profiles),
        )
    )
    if choices.promised_only:
        plan = msgspec.structs.replace(plan, gates=promised_gates(plan))
    _check_plan(plan)
    return RunFolder.create(artifacts, plan)


def check_environment(definition: Definition) -> None:
    """A variable that is not set ends the command before anything runs, not each check that needs it.

    Raises: UsageError.
    """
    for name in variables_of(definition):
        resolve(f"env:{name}", os.environ)


def _gates(definition: Definition, base: Path, profiles: Profiles, file: str) -> Gates:
    """The gates with what battery.toml adds, and without what it names as not applicable."""
    gates = load_gates(definition.gates, base, file)
    gates = with_endpoint_limits(gates, definition.endpoint, profiles.profiles, file)
    gates = without_not_applicable(gates, definition.chaos.not_applicable, file)
    gates = without_parts(gates, definition.observability.not_applicable, file)
    return with_asked_rules(without_documents(gates, definition.docs), definition)


def _check_plan(plan: Plan) -> None:
    """The plan can be written, and holds no secret: it is the one file that is not masked.

    Raises: UsageError.
    """
    try:
        encode(plan)
    except UnicodeEncodeError as error:
        raise UsageError("a path, a name or an option holds bytes that are no UTF-8") from error
    known = secrets_of(plan.definition, os.environ)
    for check in plan.checks:
        text = f"{check.id} {check.title}".encode()
        if redact(text, known) != text:
            raise UsageError(
                f"the name of a check in {check.id.partition('.')[0]} holds a secret; give its parameters ids"
            )


def _check_locustfile(definition: Definition, base: Path, file: str) -> None:
    name = definition.load.locustfile
    if name and not (base / name).is_file():
        raise DefinitionError(file, f"{base / name} is no file", key="load.locustfile")
    if name and (problem := locustfile_problem(base / name, definition.target.url)):
        error = DefinitionError(file, problem.line, key="load.locustfile")
        error.more = problem.trace
        raise error


def check_folders(definition: Definition, base: Path) -> Sequence[Path]:
    return [base / folder for folder in definition.checks.folders]
