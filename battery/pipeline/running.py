"""Running: what is open is measured, judged and, for a certificate, signed."""

import os
import platform
import time
from collections.abc import Callable, Iterator
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
from battery.errors import EvidenceCorrupt
from battery.judging import judge
from battery.model.certificate import Statement
from battery.model.event import AnyEvent, CheckTold, GateJudged, RunFinished, RunStarted
from battery.model.plan import Plan
from battery.model.quantity import seconds
from battery.model.run import Run
from battery.pipeline.preparing import check_environment, check_folders
from battery.pipeline.reports import write_reports
from battery.report.gate_text import gate_reason
from battery.runner.session import kept_checks, run_checks
from battery.store import CERTIFICATE, RunFolder, sha256, write_atomically

Emit = Callable[[AnyEvent], None]


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
        check_environment(plan.definition)
    # An earlier certificate must not outlive the evidence that it vouches for.
    (folder.path / CERTIFICATE).unlink(missing_ok=True)
    with staged(plan, folder, emit, began) as world:
        folders = check_folders(plan.definition, Path(plan.folder))
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
    resumed = bool(folder.items())
    with World(plan.definition, Path(plan.folder), state, tell, resumed=resumed) as world:
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
