"""The composition root: plan, run, judge, certify, report."""

import os
import platform
import secrets
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import msgspec

from battery import clock
from battery.certificate import ledger
from battery.certificate.issue import issue
from battery.certificate.signers import Signer
from battery.certificate.statement import make_statement
from battery.definitions.gates import load_gates
from battery.definitions.profiles import load_profiles
from battery.definitions.waivers import load_waivers
from battery.judging import judge
from battery.model.definition import Definition, Intensity
from battery.model.event import AnyEvent, GateJudged, RunFinished, RunStarted
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.plan import Plan, Scenario, Subject
from battery.model.quantity import seconds
from battery.model.run import Run
from battery.model.target import Source
from battery.planning import Request, make_plan
from battery.report.gate_text import gate_reason
from battery.report.html import html_report
from battery.report.junit import junit_xml
from battery.report.markdown import markdown_summary
from battery.runner.collection import collect_checks
from battery.runner.session import measured_checks, run_checks
from battery.store import CERTIFICATE, RunFolder, sha256, write_atomically
from battery.version import version

Emit = Callable[[AnyEvent], None]


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


def prepare(definition: Definition, base: Path, artifacts: Path, choices: Choices) -> RunFolder:
    """A new run folder with its frozen plan; `base` is the folder that relative paths start from.

    Raises: DefinitionError, UsageError, StoreError.
    """
    now = clock.now()
    gates = load_gates(definition.gates, base)
    profiles = load_profiles(definition.profiles, base)
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
            files=(*gates.files, *profiles.files),
            changes=gates.changes,
            profiles=profiles.profiles,
            waivers=waivers,
            only=choices.only,
            only_profiles=choices.profiles,
            checks=collect_checks(_check_folders(definition, base)),
        )
    )
    return RunFolder.create(artifacts, plan)


def execute(folder: RunFolder, signer: Signer, verify_command: Callable[[Plan], str], emit: Emit) -> Run:
    """Run what is open, judge, sign and report; everything stands in the run folder afterwards.

    Raises: RunInterrupted, StoreError, EvidenceCorrupt, KeyUnusable.
    """
    with folder.locked():
        plan = folder.plan()
        # An earlier certificate must not outlive the evidence that it vouches for.
        (folder.path / CERTIFICATE).unlink(missing_ok=True)
        done = measured_checks(plan, folder)
        emit(
            RunStarted(
                at=0.0,
                run=plan.run,
                mode=plan.mode,
                target=plan.definition.target.url,
                checks=len(plan.checks),
                resumed=len(done),
            )
        )
        evidence = run_checks(plan, folder, _check_folders(plan.definition, Path(plan.folder)), emit)
        finished = clock.now()
        run = Run(
            folder=str(folder.path),
            plan=plan,
            evidence=evidence,
            judgement=judge(plan, folder.digest(), evidence, finished),
            finished=finished,
            certificate=str(folder.path / CERTIFICATE),
            verify_command=verify_command(plan),
        )
        _announce(run, emit)
        write_reports(run, folder)
        certify(run, folder, signer)
        return run


def certify(run: Run, folder: RunFolder, signer: Signer) -> None:
    """Sign the certificate and append it to the ledger beside the run folder.

    Raises: KeyUnusable, EvidenceCorrupt, StoreError.
    """
    artifacts = folder.path.parent
    with ExitStack() as stack:
        stack.enter_context(ledger.hold(artifacts))
        previous = ledger.head(artifacts)
        valid_until = run.finished + timedelta(seconds=seconds(run.plan.definition.run.valid_for))
        statement = make_statement(run, folder.items(), harness_facts(), valid_until, previous)
        payload, bundle = issue(statement, signer)
        write_atomically(folder.path / CERTIFICATE, bundle)
        verdict = (run.judgement.result, run.judgement.level)
        ledger.append(artifacts, sha256(payload), run.finished, run.plan.run, verdict, signer)


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


def _announce(run: Run, emit: Emit) -> None:
    at = round((run.finished - run.plan.created).total_seconds(), 3)
    for gate in run.judgement.gates:
        emit(
            GateJudged(at=at, gate=gate.gate, title=gate.title, status=gate.status, reason=gate_reason(gate))
        )
    emit(
        RunFinished(
            at=at, result=run.judgement.result, level=run.judgement.level, certificate=run.certificate
        )
    )


def _check_folders(definition: Definition, base: Path) -> Sequence[Path]:
    return [base / folder for folder in definition.checks.folders]


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
