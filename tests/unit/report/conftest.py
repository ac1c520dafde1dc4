"""Runs to report on: the shipped gates and the real judge over hand-written evidence."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from battery.definitions.gates import load_gates
from battery.judging import judge
from battery.model.definition import Definition, GateChoice
from battery.model.event import (
    AnyEvent,
    CheckFinished,
    CheckProgress,
    CheckStarted,
    GateJudged,
    RunFinished,
    RunStarted,
)
from battery.model.evidence import BlobRef, Evidence, Mode, Proof
from battery.model.finding import Finding
from battery.model.gate import Gate
from battery.model.measure import Measurement
from battery.model.plan import DefinitionFile, Plan, PlannedCheck, Subject
from battery.model.run import Run
from battery.model.target import Target
from battery.model.waiver import Waiver
from battery.store import encode, sha256

BEGAN = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
GATES = load_gates(GateChoice(), Path())
FAILING = {"load.p3.p99": 1240.0, "coverage.line": 71.25, "security.findings.critical": 1.0}
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} {% raw %} ]]> | `code` \x1b[31mred\x00"
    " \u202egnp.exe @everyone [link](javascript:alert(3)) $x$ \udc80 \ufffe & &amp; line\nbreak "
)


def passing_value(gate: Gate, index: int) -> float:
    """A value that the rule lets through."""
    rule = gate.rule[index]
    return rule.limit if rule.operator in ("==", ">=") else rule.limit / 2


def check_for(gate: Gate) -> PlannedCheck:
    """The one check that measures all that a gate judges."""
    return PlannedCheck(
        id=f"{gate.title.replace(' ', '-')}.all",
        title=f"what feeds {gate.title}",
        gates=(gate.id,),
        measures=tuple(rule.measure for rule in gate.rule),
        instrument=gate.instrument,
        origin="battery",
        sha256="0" * 64,
        limit=30.0,
    )


def evidence_for(gate: Gate, values: Mapping[str, float], mode: Mode) -> Evidence:
    """Measured evidence with every part that a report can show."""
    measures = []
    for index, rule in enumerate(gate.rule):
        value = values.get(rule.measure, passing_value(gate, index))
        measures.append(Measurement(name=rule.measure, value=value, lower=value, upper=value, n=5000))
    critical = int(values.get("security.findings.critical", 0)) if gate.id == "G5" else 0
    return Evidence(
        check=check_for(gate).id,
        mode=mode,
        plan="",
        gates=(gate.id,),
        status="measured",
        started=BEGAN,
        seconds=12.5,
        measures=tuple(measures),
        findings=tuple(
            Finding(
                rule="sql-injection",
                severity="critical",
                title="SQL built from a request parameter",
                location=f"app/orders.py:{line}",
                fingerprint=f"f{line}",
                cwe="CWE-89",
                fix="Bind the value as a parameter.",
            )
            for line in range(critical)
        ),
        proofs=(Proof(name="instrument", ok=True, detail="its canary was found"),),
        facts={"identity.before": "4f2a91c", "identity.after": "4f2a91c"} if gate.id == "G6" else {},
        blobs=(BlobRef(name="raw.json", sha256="ab" * 32, size=2048, media_type="application/json"),),
    )


def _plan(mode: Mode) -> Plan:
    return Plan(
        battery="0.1.0",
        run="20260301-020000-4f2a91",
        mode=mode,
        scenario="passing",
        intensity="standard",
        created=BEGAN,
        deadline=14400.0,
        seed=7,
        nonce="n",
        subject=Subject(name="shop-api", sha256="c0ffee" + "0" * 58),
        folder="/srv/shop",
        definition=Definition(target=Target(url="http://127.0.0.1:8000", environment="staging")),
        measures=GATES.measures,
        gates=GATES.gates,
        levels=GATES.levels,
        profiles=(),
        files=(DefinitionFile(name="gates/g1-coverage.toml", sha256="1" * 64, shipped=True),),
        changes=(),
        waivers=(),
        only=(),
        checks=tuple(check_for(gate) for gate in GATES.gates),
    )


def build_run(
    values: Mapping[str, float] = {},
    *,
    mode: Mode = "real",
    plan: Callable[[Plan], Plan] = lambda plan: plan,
    evidence: Callable[[Evidence], Evidence | None] = lambda item: item,
) -> Run:
    """A judged run: all pass but for `values`; `plan` and `evidence` may replace what was planned and recorded."""
    planned = plan(_plan(mode))
    digest = sha256(encode(planned))
    recorded = [evidence(evidence_for(gate, values, mode)) for gate in GATES.gates]
    items = tuple(msgspec.structs.replace(item, plan=digest) for item in recorded if item)
    finished = BEGAN + timedelta(minutes=12, seconds=3)
    return Run(
        folder="artifacts/20260301-020000-4f2a91",
        plan=planned,
        evidence=items,
        judgement=judge(planned, digest, items, finished),
        finished=finished,
        certificate="artifacts/20260301-020000-4f2a91/certificate.json",
        verify_command="battery verify artifacts/20260301-020000-4f2a91/certificate.json --key battery.pub"
        + (" --accept-baseline" if mode == "baseline" else ""),
    )


def waiver(rule: str, days: int = 30, reason: str = "known since March, mended in April") -> Waiver:
    """A waiver of a rule that expires some days after the run began."""
    return Waiver(rule=rule, reason=reason, owner="ada", expires=BEGAN + timedelta(days=days))


def without(*gates: str) -> Callable[[Plan], Plan]:
    """A plan in which nothing measures what these gates judge."""
    return lambda plan: msgspec.structs.replace(
        plan, checks=tuple(check for check in plan.checks if check.gates[0] not in gates)
    )


def hostile_run(text: str, mode: Mode = "real") -> Run:
    """A run in which every text that comes from outside is this text."""

    def spoil_plan(plan: Plan) -> Plan:
        gates = tuple(msgspec.structs.replace(gate, title=text, why=text) for gate in plan.gates)
        checks = tuple(msgspec.structs.replace(check, title=text) for check in plan.checks)
        stranger = msgspec.structs.replace(plan.checks[0], id=text, measures=(), gates=("G1",))
        return msgspec.structs.replace(
            plan,
            run=text,
            gates=gates,
            checks=(*checks, stranger),
            subject=Subject(name=text, sha256=text),
            files=(DefinitionFile(name=text, sha256=text, shipped=False),),
            waivers=(waiver("G2:load.p3.p99", reason=text), waiver(text, days=-1, reason=text)),
            definition=Definition(target=Target(url=text, environment=text)),
        )

    def spoil_evidence(item: Evidence) -> Evidence:
        return msgspec.structs.replace(
            item,
            status={"G3": "errored", "G7": "skipped"}.get(item.gates[0], "measured"),
            reason=text,
            facts={text: text, "identity.before": text},
            findings=tuple(
                msgspec.structs.replace(f, title=text, location=text, fix=text, rule=text)
                for f in item.findings
            ),
            proofs=(Proof(name=text, ok=item.gates[0] != "G8", detail=text),),
            blobs=(BlobRef(name=text, sha256=text, size=1, media_type=text),),
        )

    # A lone surrogate has no JSON form, so the digest is taken of a record without it.
    tame = build_run(FAILING, mode=mode)
    planned = spoil_plan(tame.plan)
    items = tuple(
        spoil_evidence(msgspec.structs.replace(item, plan="digest"))
        for item in (evidence_for(gate, FAILING, mode) for gate in GATES.gates)
    )
    return msgspec.structs.replace(
        tame,
        folder=text,
        plan=planned,
        evidence=items,
        judgement=judge(planned, "digest", items, tame.finished),
        certificate=text,
        verify_command=text,
    )


@pytest.fixture(scope="session")
def make_run() -> Callable[..., Run]:
    """Builds judged runs."""
    return build_run


@pytest.fixture(scope="session")
def make_hostile() -> Callable[..., Run]:
    """Builds runs full of one text."""
    return hostile_run


@pytest.fixture(scope="session")
def runs() -> Mapping[str, Run]:
    """One run of each kind that a report must tell apart."""
    loosened = load_gates(GateChoice(limit={"G1:coverage.line": 60, "G2:load.p1.p99": 500}), Path())
    empty = build_run(
        plan=lambda plan: msgspec.structs.replace(plan, gates=(), checks=()), evidence=lambda _: None
    )
    return {
        "passing": build_run(),
        "failing": build_run(FAILING, plan=without("G4", "G7"), evidence=_without_evidence("G4", "G7")),
        "undecided": build_run(plan=without("G2", "G3", "G4", "G5", "G8"), evidence=_only("G1", "G6", "G7")),
        "waived": build_run(
            FAILING,
            plan=lambda plan: msgspec.structs.replace(
                plan,
                gates=loosened.gates,
                changes=loosened.changes,
                waivers=(
                    waiver("G2:load.p3.p99"),
                    waiver("G5:security.findings.critical"),
                    waiver("G8:docs.links.dead"),
                ),
            ),
        ),
        "expired": build_run(
            plan=lambda plan: msgspec.structs.replace(plan, waivers=(waiver("G2:load.p3.p99", -1),))
        ),
        "interrupted": build_run(evidence=_interrupted),
        "baseline": build_run(mode="baseline"),
        "failing baseline": build_run(FAILING, mode="baseline", evidence=_interrupted),
        "empty": msgspec.structs.replace(empty, certificate="", verify_command=""),
        "hostile": hostile_run(HOSTILE + "w" * 3000),
        "hostile baseline": hostile_run(HOSTILE + "w" * 3000, "baseline"),
    }


def _only(*gates: str) -> Callable[[Evidence], Evidence | None]:
    return lambda item: item if item.gates[0] in gates else None


def _without_evidence(*gates: str) -> Callable[[Evidence], Evidence | None]:
    return lambda item: None if item.gates[0] in gates else item


def _interrupted(item: Evidence) -> Evidence | None:
    """A check that never ran, one skipped, one errored, one invalid, one with too few samples."""
    changes: dict[str, dict[str, object]] = {
        "G8": {"status": "skipped", "reason": "battery.toml names no quickstart", "measures": ()},
        "G7": {"status": "errored", "reason": "TimeoutError: 30 s (traceback: blobs/ab)", "measures": ()},
        "G2": {"proofs": (Proof(name="generator", ok=False, detail="it was late by 40 ms"),)},
        "G3": {"measures": tuple(msgspec.structs.replace(m, n=20) for m in item.measures)},
        "G1": {"measures": ()},
    }
    if item.gates[0] == "G4":
        return None
    return msgspec.structs.replace(item, **changes.get(item.gates[0], {}))


@pytest.fixture(scope="session")
def tell() -> Callable[..., list[AnyEvent]]:
    """Tells the events of a run with one check of each kind."""
    return run_events


def run_events(mode: Mode = "real", text: str = "stage steady", resumed: int = 1) -> list[AnyEvent]:
    """The events of a run: one check measured, one skipped, one errored."""
    return [
        RunStarted(at=0.0, run="r1", mode=mode, target="http://127.0.0.1:8000", checks=4, resumed=resumed),
        CheckStarted(at=0.1, check="load.p1", title="P1 baseline", number=2, limit=30.0),
        CheckProgress(at=0.2, check="load.p1", fraction=0.1, text=text),
        CheckProgress(at=12.0, check="load.p1", fraction=0.5, text=text),
        CheckProgress(at=13.0, check="load.p1", fraction=0.6, text=text),
        CheckFinished(
            at=20.0,
            check="load.p1",
            status="measured",
            seconds=19.9,
            reason="",
            measures={"load.p1.p99": 320.5, "load.p1.errors": 0.2, "a.c": 1.0, "a.d": 2.0},
        ),
        CheckStarted(at=20.0, check="docs", title="the documents", number=3, limit=30.0),
        CheckFinished(at=20.1, check="docs", status="skipped", seconds=0.1, reason=text, measures={}),
        CheckStarted(at=20.2, check="boom", title=text, number=4, limit=30.0),
        CheckFinished(at=20.3, check="boom", status="errored", seconds=0.1, reason=text, measures={}),
        GateJudged(
            at=21.0, gate="G2", title="tail latency", status="fail", reason="1240 ms is not within 800 ms"
        ),
        GateJudged(at=21.0, gate="G3", title="errors", status="pass", reason=""),
        RunFinished(at=21.0, result="FAILED", level="none", certificate=""),
    ]
