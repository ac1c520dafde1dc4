"""10,000 seeded mutations of a certificate, its evidence and its definitions: none is accepted, none is a crash.

One exception, stated where it is tested: a mutant whose decoded payload and signature are byte for byte the
original ones is the same certificate in another wrapping, and must yield the same statement.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from battery.certificate.dsse import encode64
from battery.certificate.verification import Outcome, Verification, verify
from battery.definitions.battery_toml import load_definition
from battery.definitions.gates import load_gates, with_limits
from battery.definitions.policy import apply_floor, load_policy
from battery.definitions.shipped import shipped_folder
from battery.definitions.toml_file import load
from battery.definitions.waivers import load_waivers
from battery.errors import DefinitionError, EvidenceCorrupt
from battery.model.definition import GateChoice
from battery.model.gate import Gate, Rule
from battery.model.quantity import seconds
from battery.store import RunFolder
from tests.fakes.certified_run import (
    MADE,
    OTHER_SIGNER,
    CertifiedRun,
    certify,
    make_demands,
    make_evidence,
    make_plan,
    shipped_gates,
)
from tests.fakes.mutation import mutate, mutate_json, mutate_text

CERTIFICATES, EVIDENCE, FOLDERS, GATES, BATTERY_TOML, POLICIES, WAIVERS = 5000, 1700, 300, 1200, 800, 500, 500
Mutant = Callable[[CertifiedRun, Random], bytes]


def test_there_are_ten_thousand_of_them() -> None:
    assert sum((CERTIFICATES, EVIDENCE, FOLDERS, GATES, BATTERY_TOML, POLICIES, WAIVERS)) == 10_000


def in_bytes(certified: CertifiedRun, random: Random) -> bytes:
    return mutate(certified.bundle, random)


def in_fields(certified: CertifiedRun, random: Random) -> bytes:
    return mutate_json(certified.bundle, random, donor())


def in_decoded(certified: CertifiedRun, random: Random) -> bytes:
    """Payload or signature decoded, damaged, encoded again."""
    bundle = json.loads(certified.bundle)
    envelope = bundle["dsseEnvelope"]
    holder, key = random.choice(((envelope, "payload"), (envelope["signatures"][0], "sig")))
    holder[key] = encode64(mutate(base64.b64decode(holder[key]), random))
    return json.dumps(bundle).encode()


def in_statement(certified: CertifiedRun, random: Random) -> bytes:
    """One place in the signed statement changed, its JSON and base64 sound."""
    payload = mutate_json(certified.payload, random, donor_payload())
    head, _, tail = certified.bundle.partition(encode64(certified.payload).encode())
    return head + base64.b64encode(payload) + tail


def in_base64(certified: CertifiedRun, random: Random) -> bytes:
    """The text of payload or signature damaged, the JSON around it sound."""
    bundle = json.loads(certified.bundle)
    envelope = bundle["dsseEnvelope"]
    holder, key = random.choice(((envelope, "payload"), (envelope["signatures"][0], "sig")))
    holder[key] = mutate(holder[key].encode(), random).decode("latin-1")
    return json.dumps(bundle).encode()


def donor() -> bytes:
    """Another signer's certificate about another run."""
    return DONOR.bundle


def donor_payload() -> bytes:
    return DONOR.payload


DONOR = certify(make_plan(run="another", nonce="other", intensity="full"), signer=OTHER_SIGNER)
KINDS: Mapping[str, Mutant] = {
    "bytes": in_bytes,
    "fields": in_fields,
    "decoded": in_decoded,
    "statement": in_statement,
    "base64": in_base64,
}


def signed_bytes(data: bytes) -> tuple[bytes, bytes]:
    """Payload and signature of a bundle, read by other code than the verifier's."""
    envelope = json.loads(data)["dsseEnvelope"]
    return base64.b64decode(envelope["payload"]), base64.b64decode(envelope["signatures"][0]["sig"])


@pytest.mark.parametrize("kind", KINDS)
def test_no_mutant_of_a_certificate_is_accepted_unless_it_is_the_same_statement(
    certified: CertifiedRun, kind: str
) -> None:
    random, demands = Random(f"certificate {kind}"), make_demands(evidence=certified.items)
    outcomes: Counter[str] = Counter()
    for _ in range(CERTIFICATES // len(KINDS)):
        mutant = KINDS[kind](certified, random)
        verification = verify(mutant, demands)
        if verification.outcome is Outcome.ACCEPTED:
            assert signed_bytes(mutant) == signed_bytes(certified.bundle)
            assert verification.statement == certified.statement
        outcomes[verification.outcome.name] += 1
    print(f"{kind}: {dict(outcomes)}")
    assert outcomes["ACCEPTED"] == 0 or kind in ("bytes", "fields"), "only these reach unsigned places"
    assert set(outcomes) <= {"ACCEPTED", "NOT_TRUSTED", "MALFORMED"}


def changed_items(certified: CertifiedRun, random: Random) -> dict[str, bytes]:
    """The run's files with one file damaged, dropped, added, renamed, swapped or taken from another run."""
    items = dict(certified.items)
    name, other = random.sample(sorted(items), 2)
    kind = random.randrange(8)
    if kind == 0:
        del items[name]
    elif kind == 1:
        items[f"evidence/{random.randrange(10**6)}.json"] = items[other]
    elif kind == 2:
        items[f"{name}x"] = items.pop(name)
    elif kind == 3:
        items[name], items[other] = items[other], items[name]
    elif kind == 4:
        items[name] = DONOR.items.get(name, b"")
    elif kind == 5 and name != "blobs" and not name.startswith("blobs/"):
        items[name] = mutate_json(items[name], random, items[name])
    else:
        items[name] = mutate(items[name], random)
    return items


def test_no_changed_evidence_is_accepted(certified: CertifiedRun) -> None:
    random, tried = Random("evidence"), 0
    while tried < EVIDENCE:
        items = changed_items(certified, random)
        if items == certified.items:
            continue
        tried += 1
        verification = verify(certified.bundle, make_demands(evidence=items))
        assert (verification.outcome, verification.steps[-1].number) == (Outcome.NOT_TRUSTED, 14)


def damage(path: Path, random: Random) -> None:
    """Damage on the disk, links and folders in a file's place among it."""
    kind = random.randrange(5)
    data = path.read_bytes()
    path.unlink()
    if kind == 0:
        path.symlink_to(random.choice(("plan.json", "/dev/null", path.name, "..")))
    elif kind == 1:
        path.mkdir()
    elif kind == 2:
        path.with_name(f"{path.name}.moved").write_bytes(data)
    elif kind == 3:
        path.write_bytes(mutate(data, random))


def test_no_damaged_run_folder_is_accepted(certified: CertifiedRun, tmp_path: Path) -> None:
    random = Random("folders")
    for number in range(FOLDERS):
        folder = certified.write(tmp_path / str(number))
        damage(folder / random.choice(sorted(certified.items)), random)
        try:
            items = RunFolder(folder).items()
        except EvidenceCorrupt:
            continue
        assert verify(certified.bundle, make_demands(evidence=items)).outcome is Outcome.NOT_TRUSTED


def _failing(rule: Rule) -> float:
    return {"<=": rule.limit * 10 + 1, "<": rule.limit * 10 + 1, "==": rule.limit + 5}.get(
        rule.operator, -1.0
    )


FAILING = {rule.measure: _failing(rule) for gate in shipped_gates().gates for rule in gate.rule}


def judged(**plan: Any) -> CertifiedRun:
    """A service that fails every shipped rule, honestly judged and signed under a plan of somebody's own."""
    made = make_plan(checks=make_plan().checks, **plan)
    return certify(made, make_evidence_of_failure(made))


def make_evidence_of_failure(plan: Any) -> Any:
    """Evidence for the shipped checks, whatever the plan's gates ask for."""
    import hashlib

    import msgspec

    from battery.store import encode

    digest = hashlib.sha256(encode(plan)).hexdigest()
    found = make_evidence(make_plan(), FAILING)
    return tuple(msgspec.structs.replace(item, plan=digest) for item in found)


def check_refused(verification: Verification) -> str:
    assert verification.outcome is not Outcome.ACCEPTED
    return verification.outcome.name


def test_no_mutant_of_a_gate_lets_a_failing_service_pass(tmp_path: Path) -> None:
    random, seen = Random("gates"), Counter[str]()
    sources = sorted(path for path in shipped_folder("gates").iterdir() if path.name.startswith("g"))
    path = tmp_path / "own" / "gate.toml"
    path.parent.mkdir()
    for _ in range(GATES):
        path.write_bytes(mutate_text(random.choice(sources).read_bytes(), random))
        try:
            load(path, Gate)
            gates = load_gates(GateChoice(folder="own"), tmp_path)
        except DefinitionError:
            seen["refused definition"] += 1
            continue
        certified = judged(gates=gates.gates, changes=gates.changes, files=gates.files)
        demands = make_demands(evidence=certified.items)
        seen[check_refused(verify(certified.bundle, demands))] += 1
        for level in ("gold", "silver", "bronze"):
            check_refused(verify(certified.bundle, make_demands(level=level)))
    print(dict(seen))
    assert seen["refused definition"] > GATES // 10
    assert seen["NOT_TRUSTED"] > GATES // 20


BATTERY = b"""
[target]
url = "http://127.0.0.1:8000"
live = "/live"
environment = "staging"
headers = { Authorization = "env:API_TOKEN" }
identity = { path = "/version", json = "commit" }
[[endpoint]]
name = "status"
path = "/status"
weight = 3
class = "light"
expect = { status = [200], body_contains = "ok" }
[process]
command = ["uvicorn", "app:app"]
[[dependency]]
name = "db"
upstream = "127.0.0.1:5432"
kind = "postgresql"
[gates.limit]
"G1:coverage.line" = 85
"G2:load.p3.p99" = 900
[run]
intensity = "standard"
deadline = "4 h"
valid_for = "7 d"
"""


def test_no_mutant_of_a_battery_toml_lets_a_failing_service_pass(tmp_path: Path) -> None:
    random, seen, path = Random("battery.toml"), Counter[str](), tmp_path / "battery.toml"
    for _ in range(BATTERY_TOML):
        path.write_bytes(mutate_text(BATTERY, random))
        try:
            definition = load_definition(path)
            gates = with_limits(shipped_gates().gates, definition.gates.limit)
        except DefinitionError:
            seen["refused definition"] += 1
            continue
        certified = judged(definition=definition, gates=gates)
        seen[check_refused(verify(certified.bundle, make_demands(evidence=certified.items)))] += 1
    print(dict(seen))
    assert len(seen) > 1


POLICY = b"""
level = "bronze"
max_age = "24h"
resource_uri = "https://shop.example"
environment = "staging"
nonce = "a-nonce"
waivers_allowed = 2
loosened_allowed = ["G1:coverage.line", "G2:load.p1.p99"]
evidence_required = false
[limit]
"G2:load.p3.p99" = 900
"G3:load.p1.errors" = 1
"""


def test_no_mutant_of_a_policy_lets_a_failing_service_pass(tmp_path: Path) -> None:
    random, seen, path = Random("policy"), Counter[str](), tmp_path / "policy.toml"
    certified = judged()
    for _ in range(POLICIES):
        path.write_bytes(mutate_text(POLICY, random))
        try:
            policy = load_policy(path)
            floor = apply_floor(shipped_gates().gates, policy, str(path))
        except DefinitionError:
            seen["refused definition"] += 1
            continue
        demands = make_demands(
            floor=floor,
            level=policy.level,
            max_age=None if policy.max_age is None else seconds(policy.max_age),
            resource_uri=policy.resource_uri,
            environment=policy.environment,
            nonce=policy.nonce,
            waivers_allowed=policy.waivers_allowed,
            loosened_allowed=policy.loosened_allowed,
            evidence_required=policy.evidence_required,
        )
        seen[check_refused(verify(certified.bundle, demands))] += 1
    print(dict(seen))
    assert len(seen) > 1


WAIVER_FILE = b"""
[[waiver]]
rule = "G2:load.p3.p99"
reason = "the cache is replaced in April"
owner = "ann"
expires = 2026-04-01T00:00:00Z
[[waiver]]
finding = "f1"
reason = "false positive"
owner = "bob"
expires = 2026-04-02T00:00:00+02:00
subject = "sha256:%b"
""" % make_plan().subject.sha256.encode()


def test_no_mutant_of_a_waiver_file_lets_a_failing_service_pass(tmp_path: Path) -> None:
    random, seen, path = Random("waivers"), Counter[str](), tmp_path / "waivers.toml"
    for _ in range(WAIVERS):
        path.write_bytes(mutate_text(WAIVER_FILE, random))
        try:
            waivers = load_waivers(path, MADE - timedelta(hours=1))
        except DefinitionError:
            seen["refused definition"] += 1
            continue
        certified = judged(waivers=waivers)
        seen[check_refused(verify(certified.bundle, make_demands(evidence=certified.items)))] += 1
    print(dict(seen))
    assert len(seen) > 1
