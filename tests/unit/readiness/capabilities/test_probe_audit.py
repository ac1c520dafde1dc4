"""Audit logging, on a small service."""

import hashlib
import sys
from pathlib import Path
from typing import Any

from battery.model.capabilities import (
    AuditShown,
    Call,
    Told,
)
from battery.readiness.capabilities.audit import ATTACKS, audit
from battery.readiness.capabilities.capability import Status
from battery.readiness.capabilities.probes.audit import probe_audit
from tests.unit.readiness.capabilities.bench import SHORT, Bench, bench


def audited(tmp_path: Path, shown: AuditShown, *broken: str) -> tuple[Any, Bench]:
    with bench(tmp_path, *broken) as on:
        return probe_audit(on.asker, on.http, shown, tmp_path, on.said.append), on


AUDIT = AuditShown(
    file="audit.ndjson",
    action=Call(path="/act", method="POST"),
    records=Told(path="/head", json="records"),
    head=Told(path="/head", json="head"),
    patience=SHORT,
)
PLAIN = AuditShown(file="audit.ndjson", action=Call(path="/act", method="POST"), patience=SHORT)


def test_a_chain_without_an_anchor_detects_what_its_hashes_can(tmp_path: Path) -> None:
    facts, on = audited(tmp_path, PLAIN)
    assert (facts.records_actions, facts.control_accepted) == (True, True), on.said
    assert facts.detected == dict.fromkeys(ATTACKS, True) | {"truncate": False, "re-chain": False}
    assert audit(facts).status is Status.PARTIAL


def test_the_end_that_the_target_tells_shows_what_was_cut_off_or_written_anew(tmp_path: Path) -> None:
    facts, on = audited(tmp_path, AUDIT)
    assert audit(facts).status is Status.COMPLETE, (facts, on.said)


def test_a_verifier_with_a_kept_head_detects_every_attack(tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_text(
        "import hashlib, sys, pathlib\n"
        "log = pathlib.Path(sys.argv[1])\n"
        "kept = log.with_name('kept').read_text()\n"
        "sys.exit(hashlib.sha256(log.read_bytes()).hexdigest() != kept)\n"
    )
    with bench(tmp_path) as on:
        for number in range(6):
            on.asker.ask(Call(path="/act", method="POST"), number=number)
        (tmp_path / "kept").write_text(hashlib.sha256((tmp_path / "audit.ndjson").read_bytes()).hexdigest())
        shown = AuditShown(
            file="audit.ndjson", verify_command=(sys.executable, "verify.py", "{file}"), beside=("kept",)
        )
        facts = probe_audit(on.asker, on.http, shown, tmp_path, on.said.append)
    assert facts.control_accepted is True, on.said
    assert facts.detected == dict.fromkeys(ATTACKS, True)
    assert facts.records_actions is None


def test_a_service_that_writes_nothing_down_is_found(tmp_path: Path) -> None:
    facts, on = audited(tmp_path, PLAIN, "audit")
    assert facts.records_actions is False
    assert audit(facts).status is Status.MISSING, (facts, on.said)


def test_a_log_that_is_not_there_proves_nothing_and_says_so(tmp_path: Path) -> None:
    facts, on = audited(tmp_path, AuditShown(file="nowhere.ndjson"))
    assert audit(facts).status is Status.MISSING
    assert any("nowhere.ndjson" in text for text in on.said)


def test_a_verify_call_of_the_target_is_asked(tmp_path: Path) -> None:
    shown = AuditShown(file="audit.ndjson", action=PLAIN.action, verify_path="/verify", patience=SHORT)
    facts, _ = audited(tmp_path, shown)
    assert facts.control_accepted is None
    assert set(facts.detected.values()) == {None}


def test_a_description_says_how_the_chain_is_made(tmp_path: Path) -> None:
    (tmp_path / "chain.toml").write_text('hash_field = "hash"\nprevious_field = "prev_hash"\n')
    shown = AuditShown(file="audit.ndjson", action=PLAIN.action, description="chain.toml", patience=SHORT)
    facts, on = audited(tmp_path, shown)
    assert facts.control_accepted is True, on.said
