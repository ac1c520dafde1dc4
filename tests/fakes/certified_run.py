"""A certified run without a target: plan, evidence, statement and certificate as `certify` leaves them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from battery.certificate.bundle import make_bundle
from battery.certificate.canonical import canonical
from battery.certificate.dsse import IN_TOTO, pae
from battery.certificate.issue import issue
from battery.certificate.signers import KeySigner
from battery.certificate.statement import make_statement
from battery.certificate.verification import Outcome, Verification, verify
from battery.certificate.verification.demands import Demands
from battery.definitions.gates import Gates, load_shipped
from battery.definitions.profiles import Profiles, load_profiles
from battery.judging import judge
from battery.model.certificate import Statement
from battery.model.definition import Definition, ProfileChoice
from battery.model.evidence import BlobRef, Evidence, Proof
from battery.model.finding import Finding
from battery.model.gate import Gate, Rule
from battery.model.measure import Measurement
from battery.model.plan import Plan, PlannedCheck, Subject
from battery.model.run import Run
from battery.model.target import Target
from battery.store import encode, evidence_name

MADE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = MADE + timedelta(hours=1)
VALID = timedelta(days=7)
ARTIFACT = b"the artifact that is about to be deployed\n"
BLOB = b"raw measurements\n"


class SeededSigner(KeySigner):
    """Signs the same bytes the same way each time (RFC 6979), so that seeded tests repeat exactly."""

    def __init__(self, secret: int) -> None:
        self._secret = ec.derive_private_key(secret, ec.SECP256R1())
        super().__init__(self._secret)

    def sign(self, data: bytes) -> bytes:
        """A signature over the data."""
        return self._secret.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True))


SIGNER, OTHER_SIGNER = SeededSigner(0xBA77E21), SeededSigner(0x07E4)
ABSENT = object()


@cache
def shipped_gates() -> Gates:
    """The shipped gates, read once."""
    return load_shipped()


@cache
def shipped_profiles() -> Profiles:
    """The shipped profiles, read once."""
    return load_profiles(ProfileChoice(), Path())


@dataclass(frozen=True)
class CertifiedRun:
    """A run, its files and its certificate."""

    run: Run
    items: Mapping[str, bytes]
    statement: Statement
    payload: bytes
    bundle: bytes

    def write(self, folder: Path) -> Path:
        """The run folder with its certificate."""
        for name, data in self.items.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        (folder / "certificate.json").write_bytes(self.bundle)
        return folder


def make_plan(**changes: Any) -> Plan:
    """A real run's plan under the shipped gates, one check for each gate."""
    gates = shipped_gates()
    fields: dict[str, Any] = {
        "battery": "0.1.0",
        "run": "20260301-110000-abcdef",
        "mode": "real",
        "scenario": "passing",
        "intensity": "standard",
        "created": MADE - timedelta(minutes=30),
        "deadline": 3600.0,
        "seed": 7,
        "nonce": "a-nonce",
        "subject": Subject(name="shop.tar", sha256=hashlib.sha256(ARTIFACT).hexdigest()),
        "folder": "/srv/shop",
        "definition": Definition(target=Target(url="https://shop.example", environment="staging")),
        "measures": gates.measures,
        "gates": gates.gates,
        "levels": gates.levels,
        "profiles": shipped_profiles().profiles,
        "files": (*gates.files, *shipped_profiles().files),
        "changes": (),
        "waivers": (),
        "only": (),
    }
    fields |= changes
    fields.setdefault("checks", tuple(_planned(gate) for gate in fields["gates"]))
    return Plan(**fields)


def make_evidence(plan: Plan, values: Mapping[str, float] | None = None) -> tuple[Evidence, ...]:
    """Evidence for every planned check: each measure passes by a margin, but for the given values."""
    digest = hashlib.sha256(encode(plan)).hexdigest()
    rules = {rule.measure: rule for gate in plan.gates for rule in gate.rule}
    return tuple(_evidence(plan, digest, check, rules, values or {}) for check in plan.checks)


def certify(
    plan: Plan | None = None,
    evidence: tuple[Evidence, ...] | None = None,
    *,
    signer: KeySigner = SIGNER,
    finished: datetime = MADE,
    previous: str = "",
) -> CertifiedRun:
    """Judge, state and sign."""
    plan = plan or make_plan()
    evidence = make_evidence(plan) if evidence is None else evidence
    items = {"plan.json": encode(plan), f"blobs/{hashlib.sha256(BLOB).hexdigest()}": BLOB}
    items |= {evidence_name(item.check): encode(item) for item in evidence}
    evidence = tuple(sorted(evidence, key=lambda item: evidence_name(item.check)))
    digest = hashlib.sha256(items["plan.json"]).hexdigest()
    judgement = judge(plan, digest, evidence, finished)
    run = Run(folder="", plan=plan, evidence=evidence, judgement=judgement, finished=finished)
    statement = make_statement(run, items, {"python": "3.11"}, finished + VALID, previous)
    payload, bundle = issue(statement, signer)
    return CertifiedRun(run=run, items=items, statement=statement, payload=payload, bundle=bundle)


def make_demands(**changes: Any) -> Demands:
    """A verifier with the shipped floor, an hour after the run."""
    gates = shipped_gates()
    files = (*gates.files, *shipped_profiles().files)
    fields: dict[str, Any] = {
        "key": SIGNER.public,
        "now": LATER,
        "floor": gates.gates,
        "levels": gates.levels,
        "shipped": {file.name: file.sha256 for file in files},
    }
    return Demands(**fields | changes)


def seal(payload: bytes, signer: KeySigner = SIGNER, kind: str = IN_TOTO) -> bytes:
    """A certificate over any bytes at all, signed as the type says."""
    sealed = make_bundle(payload, signer.sign(pae(kind, payload)), signer.public.hint)
    return sealed.replace(IN_TOTO.encode(), kind.encode())


def forge(certified: CertifiedRun, changes: Mapping[str, Any], *, relist: bool = False) -> bytes:
    """What a dishonest holder of the key could sign: the statement with other values at dotted paths."""
    value = msgspec.to_builtins(certified.statement)
    for path, new in changes.items():
        put(value, path, new)
    if relist:
        put_root(value)
    return seal(canonical(value))


def put(value: Any, path: str, new: Any) -> None:
    """Set, or remove when it is ABSENT, what stands at a dotted path."""
    *parents, last = path.split(".")
    for step in parents:
        value = value[int(step)] if isinstance(value, list | tuple) else value[step]
    key: Any = int(last) if isinstance(value, list) else last
    if new is ABSENT:
        del value[key]
    else:
        value[key] = new


def put_root(value: dict[str, Any]) -> None:
    """Give the statement the Merkle root that its list of evidence has."""
    from battery.certificate import merkle

    evidence = value["predicate"]["evidence"]
    evidence["merkleRoot"] = merkle.root([canonical(item) for item in evidence["items"]])


def refusal(data: bytes, demands: Demands | None = None) -> Verification:
    """The verification of something that must not be accepted."""
    verification = verify(data, demands or make_demands())
    assert verification.outcome is not Outcome.ACCEPTED, "accepted what must be refused"
    assert verification.steps[-1].ok is False, "a refusal names the step that refused"
    assert verification.steps[-1].reason == verification.reason
    return verification


def refused(data: bytes, outcome: Outcome, step: int, demands: Demands | None = None) -> str:
    """The reason of a refusal with this outcome at this step."""
    verification = refusal(data, demands)
    assert (verification.outcome, verification.steps[-1].number) == (outcome, step), verification.reason
    return verification.reason


def with_rule(gate: str, rule: str, change: Callable[[Rule], Rule]) -> tuple[Gate, ...]:
    """The shipped gates with one rule changed."""
    return tuple(
        msgspec.structs.replace(
            found, rule=tuple(change(item) if item.id == rule else item for item in found.rule)
        )
        if found.id == gate
        else found
        for found in shipped_gates().gates
    )


def critical_finding(fingerprint: str) -> Finding:
    """A finding that fails G5."""
    return Finding(
        rule="sqli", severity="critical", title="injection", location="app.py:1", fingerprint=fingerprint
    )


def _planned(gate: Gate) -> PlannedCheck:
    return PlannedCheck(
        id=f"check_{gate.id.lower()}.py::{gate.id}",
        title=gate.title,
        gates=(gate.id,),
        measures=tuple(rule.measure for rule in gate.rule),
        instrument=gate.instrument,
        origin="battery",
        sha256="",
        limit=60.0,
    )


def _evidence(
    plan: Plan, digest: str, check: PlannedCheck, rules: Mapping[str, Rule], values: Mapping[str, float]
) -> Evidence:
    measures = []
    for name in check.measures:
        value = values.get(name, _passing(rules[name]))
        measures.append(Measurement(name=name, value=value, lower=value, upper=value, n=5000))
    blob = BlobRef(
        name="raw", sha256=hashlib.sha256(BLOB).hexdigest(), size=len(BLOB), media_type="text/plain"
    )
    return Evidence(
        check=check.id,
        mode=plan.mode,
        plan=digest,
        gates=check.gates,
        status="measured",
        started=plan.created,
        seconds=1.5,
        measures=tuple(measures),
        proofs=(Proof(name="instrument", ok=True, detail="worked"),),
        facts={"identity.before": "v1", "identity.after": "v1"},
        blobs=(blob,),
    )


def _passing(rule: Rule) -> float:
    margin = {"<=": 0.5, "<": 0.5, ">=": 1.0, ">": 1.05, "==": 1.0}[rule.operator]
    return rule.limit * margin
