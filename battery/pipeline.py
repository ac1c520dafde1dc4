"""The composition root: plan, run, judge, certify, report."""

import os
import platform
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from battery import clock
from battery.certificate import ledger
from battery.certificate.bundle import read_bundle
from battery.certificate.dsse import IN_TOTO, decode64, pae
from battery.certificate.issue import issue
from battery.certificate.signers import Signer
from battery.certificate.statement import list_evidence, make_statement
from battery.chaos.scenarios.world import World
from battery.definitions.battery_toml import check_definition
from battery.definitions.decoding import decode
from battery.definitions.endpoint_limits import with_endpoint_limits
from battery.definitions.gates import load_gates
from battery.definitions.not_applicable import without_not_applicable
from battery.definitions.profiles import load_profiles
from battery.definitions.soak import Soak, soaked, with_time_for
from battery.definitions.waivers import load_waivers
from battery.errors import DefinitionError, EvidenceCorrupt, UsageError
from battery.judging import judge
from battery.judging.instrument import promised_gates
from battery.load.http2.present import require_http2
from battery.load.journeys.preflight import locustfile_problem
from battery.model.certificate import Statement
from battery.model.definition import Definition, Intensity, LoadChoice
from battery.model.event import AnyEvent, CheckTold, GateJudged, RunFinished, RunStarted
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.plan import Plan, Scenario, Subject
from battery.model.quantity import seconds
from battery.model.run import Run
from battery.model.target import Source
from battery.planning import Request, make_plan
from battery.redaction import redact, resolve, secrets_of, variables_of
from battery.report.gate_text import gate_reason
from battery.report.html import html_report
from battery.report.junit import junit_xml
from battery.report.markdown import markdown_summary
from battery.runner.collection import collect_checks
from battery.runner.session import kept_checks, run_checks
from battery.store import CERTIFICATE, RunFolder, encode, sha256, write_atomically
from battery.version import version

Emit = Callable[[AnyEvent], None]


class _LoadTable(Frozen, frozen=True, kw_only=True):
    """The [load] table by itself, so that errors name its keys as battery.toml does."""

    load: LoadChoice


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
    promised_only: bool = False


def prepare(definition: Definition, base: Path, artifacts: Path, choices: Choices) -> RunFolder:
    """A new run folder with its frozen plan; `base` is the folder that relative paths start from.

    Raises: DefinitionError, UsageError, StoreError.
    """
    now = clock.now()
    if choices.mode == "real":
        _check_environment(definition)
    _check_locustfile(definition, base, choices.file)
    if definition.load.engine == "httpx":
        require_http2()
    profiles = load_profiles(definition.profiles, base)
    if choices.soak is not None:
        profiles = soaked(profiles, choices.soak)
        definition = with_time_for(definition, choices.soak)
    gates = with_endpoint_limits(
        load_gates(definition.gates, base, choices.file), definition.endpoint, profiles.profiles, choices.file
    )
    gates = without_not_applicable(gates, definition.chaos.not_applicable, choices.file)
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
            changes=(*gates.changes, *profiles.changes),
            profiles=profiles.profiles,
            waivers=waivers,
            only=choices.only,
            only_profiles=choices.profiles,
            only_scenarios=choices.scenarios,
            checks=collect_checks(_check_folders(definition, base), profiles.profiles),
        )
    )
    if choices.promised_only:
        plan = msgspec.structs.replace(plan, gates=promised_gates(plan))
    _check_plan(plan)
    return RunFolder.create(artifacts, plan)


def execute(
    folder: RunFolder, signer: Signer, verify_command: Callable[[Plan], str], emit: Emit, ledger_folder: Path
) -> Run:
    """Run what is open, judge, sign and report; everything stands in the run folder afterwards.

    Raises: RunInterrupted, StoreError, EvidenceCorrupt, KeyUnusable.
    """
    began = time.monotonic()
    with folder.locked():
        plan = folder.plan()
        done = kept_checks(plan, folder)
        stands = has_certificate(folder, signer)
        ledger.head(ledger_folder)  # a broken one is told before hours of measuring, not after
        _tell_start(plan, len(done), emit)
        if stands and len(done) == len(plan.checks):
            # Signed again, old evidence would look fresh.
            run = msgspec.structs.replace(read_run(folder), verify_command=verify_command(plan))
            _tell_verdicts(run, emit, began)
        else:
            run = _measure(plan, folder, emit, began)
            run = msgspec.structs.replace(
                run, certificate=str(folder.path / CERTIFICATE), verify_command=verify_command(plan)
            )
            _tell_verdicts(run, emit, began)
            write_reports(run, folder)
            certify(run, folder, signer, ledger_folder)
        _tell_end(run, emit, began)
        return run


def has_certificate(folder: RunFolder, signer: Signer) -> bool:
    """Whether the run has a certificate by this signer.

    Raises: EvidenceCorrupt when the evidence is not the one that it vouches for.
    """
    try:
        bundle = read_bundle((folder.path / CERTIFICATE).read_bytes())
        payload = decode64(bundle.dsse_envelope.payload)
        signature = decode64(bundle.dsse_envelope.signatures[0].sig)
        statement = msgspec.json.decode(payload, type=Statement)
    except (OSError, ValueError, IndexError, msgspec.DecodeError, RecursionError):
        return False  # none, or none that anybody could verify: the run is certified anew
    if not signer.public.verifies(signature, pae(IN_TOTO, payload)):
        return False
    if statement.predicate.evidence != list_evidence(folder.items()):
        raise EvidenceCorrupt(f"{folder.path}: the evidence is not what its certificate vouches for")
    return True


def measure(folder: RunFolder, emit: Emit) -> Run:
    """Run what is open, judge and report, without a certificate: what a single instrument's command does.

    Raises: RunInterrupted, StoreError, EvidenceCorrupt.
    """
    began = time.monotonic()
    with folder.locked():
        plan = folder.plan()
        _tell_start(plan, len(kept_checks(plan, folder)), emit)
        run = _measure(plan, folder, emit, began)
        write_reports(run, folder)
        return run


def _measure(plan: Plan, folder: RunFolder, emit: Emit, began: float) -> Run:
    """Run what is open and judge all of it."""
    if plan.mode == "real":
        _check_environment(plan.definition)
    # An earlier certificate must not outlive the evidence that it vouches for.
    (folder.path / CERTIFICATE).unlink(missing_ok=True)
    with staged(plan, folder, emit, began) as world:
        folders = _check_folders(plan.definition, Path(plan.folder))
        evidence = run_checks(plan, folder, folders, emit, began, world)
    finished = clock.now()
    return Run(
        folder=str(folder.path),
        plan=plan,
        evidence=evidence,
        judgement=judge(plan, folder.digest(), evidence, finished),
        finished=finished,
    )


@contextmanager
def staged(plan: Plan, folder: RunFolder, emit: Emit, began: float) -> Iterator[World | None]:
    """The world of the run, with the target started where battery.toml says how; none where there is no target.

    Raises: ProcessFailed, UndoFailed, StoreError.
    """
    if plan.mode == "baseline" or not plan.definition.target.url:
        yield None
        return

    def tell(text: str) -> None:
        emit(CheckTold(at=round(time.monotonic() - began, 3), check="world", text=text))

    # Beside the runs: what one left behind, any later one puts back.
    state = folder.path.parent / "state"
    with World(plan.definition, Path(plan.folder), state, tell) as world:
        if said := world.start_target():
            tell(said)
        yield world


def certify(run: Run, folder: RunFolder, signer: Signer, ledger_folder: Path) -> None:
    """Sign the certificate, append it to the ledger, and only then show it.

    Raises: KeyUnusable, EvidenceCorrupt, StoreError.
    """
    with ExitStack() as stack:
        stack.enter_context(ledger.hold(ledger_folder))
        previous = ledger.head(ledger_folder)
        valid_until = run.finished + timedelta(seconds=seconds(run.plan.definition.run.valid_for))
        statement = make_statement(run, folder.items(), harness_facts(), valid_until, previous)
        payload, bundle = issue(statement, signer)
        verdict = (ledger.in_words(run.judgement.result, run.plan.mode), run.judgement.level)
        # The time of the line, not of the run: another run that finished later may stand there already.
        ledger.append(ledger_folder, sha256(payload), clock.now(), run.plan.run, verdict, signer)
        write_atomically(folder.path / CERTIFICATE, bundle)


def write_reports(run: Run, folder: RunFolder) -> None:
    """The reports of a judged run.

    Raises: StoreError.
    """
    write_atomically(folder.path / "report.html", html_report(run).encode())
    write_atomically(folder.path / "junit.xml", junit_xml(run))
    write_atomically(folder.path / "summary.md", markdown_summary(run).encode())


def read_run(folder: RunFolder) -> Run:
    """A run as its folder tells it, judged again from its evidence.

    Raises: StoreError, EvidenceCorrupt.
    """
    plan, evidence = folder.plan(), folder.evidence()
    certificate = folder.path / CERTIFICATE
    finished = max(
        (item.started + timedelta(seconds=item.seconds) for item in evidence), default=plan.created
    )
    return Run(
        folder=str(folder.path),
        plan=plan,
        evidence=evidence,
        judgement=judge(plan, folder.digest(), evidence, finished),
        finished=finished,
        certificate=str(certificate) if certificate.exists() else "",
    )


def harness_facts() -> dict[str, str]:
    """What a reader must know about the machine that measured."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "cores": str(os.cpu_count() or 0),
    }


def _tell_start(plan: Plan, resumed: int, emit: Emit) -> None:
    target = plan.definition.target.url
    emit(
        RunStarted(
            at=0.0, run=plan.run, mode=plan.mode, target=target, checks=len(plan.checks), resumed=resumed
        )
    )


def _tell_verdicts(run: Run, emit: Emit, began: float) -> None:
    at = round(time.monotonic() - began, 3)
    for gate in run.judgement.gates:
        emit(
            GateJudged(at=at, gate=gate.gate, title=gate.title, status=gate.status, reason=gate_reason(gate))
        )


def _tell_end(run: Run, emit: Emit, began: float) -> None:
    at = round(time.monotonic() - began, 3)
    verdict = run.judgement
    emit(
        RunFinished(
            at=at,
            mode=run.plan.mode,
            result=verdict.result,
            level=verdict.level,
            certificate=run.certificate,
        )
    )


def _check_environment(definition: Definition) -> None:
    """A variable that is not set ends the command before anything runs, not each check that needs it.

    Raises: UsageError.
    """
    for name in variables_of(definition):
        resolve(f"env:{name}", os.environ)


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


def _check_folders(definition: Definition, base: Path) -> Sequence[Path]:
    return [base / folder for folder in definition.checks.folders]


def with_toxiproxy(definition: Definition, url: str) -> Definition:
    """The definition with the command line's Toxiproxy server."""
    return msgspec.structs.replace(definition, chaos=msgspec.structs.replace(definition.chaos, toxiproxy=url))


def with_load(definition: Definition, options: Mapping[str, object]) -> Definition:
    """The definition with the command line's words over its [load] table.

    Raises: DefinitionError.
    """
    table = {**msgspec.to_builtins(definition.load), **options}
    place = "command line, as battery.toml"
    chosen = msgspec.structs.replace(definition, load=decode({"load": table}, _LoadTable, place).load)
    check_definition(chosen, place)
    return chosen


def with_target(definition: Definition, url: str, source: str) -> Definition:
    """The definition with the command line's URL and source tree over it."""
    if url:
        definition = msgspec.structs.replace(
            definition, target=msgspec.structs.replace(definition.target, url=url)
        )
    if source:
        tree = msgspec.structs.replace(definition.source or Source(), path=source)
        definition = msgspec.structs.replace(definition, source=tree)
    return definition
