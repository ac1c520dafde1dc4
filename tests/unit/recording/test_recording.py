"""What a check may say, and what becomes of secrets in it."""

import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battery.model.evidence import Evidence
from battery.model.finding import Finding
from battery.recording import Record
from battery.store import RunFolder
from tests.fakes.plans import NOW, a_finding, a_plan

SECRET = 's3cr3t"with\\quote'


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, a_plan())


def a_record(folder: RunFolder, *secrets: str) -> tuple[Record, list[tuple[float, str]]]:
    told: list[tuple[float, str]] = []
    return Record(folder, secrets, lambda fraction, text: told.append((fraction, text))), told


def evidence_of(record: Record, **given: Any) -> Evidence:
    defaults: dict[str, Any] = {"check": "a.b", "mode": "real", "plan": "d" * 64, "gates": ("G1",)}
    defaults |= {"status": "measured", "reason": "", "started": NOW, "seconds": 1.23456}
    return record.evidence(**defaults | given)


def test_everything_said_stands_in_the_evidence(folder: RunFolder) -> None:
    record, told = a_record(folder)
    record.measure("a.b", 1, lower=0, upper=2, n=3, note="fine")
    record.proof("works", True, "seen")
    record.finding(a_finding())
    record.fact("who", "me")
    blob = record.blob("raw", b"bytes", "text/plain")
    record.progress(0.25, "a quarter")
    evidence = evidence_of(record, reason="why")
    measure = evidence.measures[0]
    assert (measure.name, measure.value, measure.lower, measure.upper, measure.n) == ("a.b", 1.0, 0.0, 2.0, 3)
    assert (evidence.proofs[0].name, evidence.findings[0].fingerprint) == ("works", "f1")
    assert (evidence.facts, evidence.blobs, evidence.reason) == ({"who": "me"}, (blob,), "why")
    assert (folder.read_blob(blob.sha256), evidence.seconds, told) == (b"bytes", 1.235, [(0.25, "a quarter")])


@pytest.mark.parametrize("what", ["measure", "proof"])
def test_a_measure_or_a_proof_is_something_and_all_else_is_not(folder: RunFolder, what: str) -> None:
    record, _ = a_record(folder)
    record.fact("a", "b")
    record.blob("raw", b"x")
    record.finding(a_finding())
    assert record.is_empty
    if what == "measure":
        record.measure("a.b", 0)
    else:
        record.proof("works", False, "no")
    assert not record.is_empty


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Latency"},
        {"name": "p99"},
        {"name": 5},
        {"value": math.nan},
        {"value": math.inf},
        {"value": "fast"},
        {"upper": -math.inf},
        {"lower": math.nan},
        {"n": -1},
        {"n": 2**53},
    ],
)
def test_what_cannot_stand_in_evidence_is_refused_at_once(folder: RunFolder, wrong: dict[str, Any]) -> None:
    record, _ = a_record(folder)
    arguments: dict[str, Any] = {"name": "a.b", "value": 1} | wrong
    with pytest.raises(ValueError):
        record.measure(arguments.pop("name"), arguments.pop("value"), **arguments)
    assert record.is_empty


@pytest.mark.parametrize("wrong", [{"severity": "terrible"}, {"confidence": "none"}])
def test_a_finding_with_a_word_that_is_none_is_refused(folder: RunFolder, wrong: dict[str, Any]) -> None:
    record, _ = a_record(folder)
    with pytest.raises(ValueError, match="Finding: Invalid enum value"):
        record.finding(msgspec.structs.replace(a_finding(), **wrong))


def test_secrets_are_masked_in_every_word_and_every_blob(folder: RunFolder) -> None:
    record, told = a_record(folder, SECRET, "hunter2")
    text = f"before {SECRET} between hunter2 after"
    record.measure("a.b", 1, note=text)
    record.proof(text, True, text)
    record.fact(text, text)
    record.blob(text, text.encode(), text)
    record.blob("json", msgspec.json.encode({"token": SECRET}))
    words = ("rule", "title", "location", "fingerprint", "cwe", "excerpt", "fix")
    worded: dict[str, Any] = dict.fromkeys(words, text)
    record.finding(Finding(severity="high", **worded))
    record.progress(0.5, text)
    folder.write_evidence(evidence_of(record, reason=text))
    masked = "before [redacted] between [redacted] after"
    assert told == [(0.5, masked)]
    for path in folder.path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"s3cr3t" not in data, path
            assert b"hunter2" not in data, path
    [item] = folder.evidence()
    assert item.facts == {masked: masked}
    assert {getattr(item.findings[0], word) for word in words} == {masked}


@pytest.mark.parametrize("secret", ["true", "null", "1234", "measured", '","', "0000"])
def test_a_secret_that_looks_like_evidence_breaks_none(folder: RunFolder, secret: str) -> None:
    record, _ = a_record(folder, secret)
    record.measure("a.b", 1234.0, n=1234)
    record.proof("works", True, "true")
    record.blob("raw", b"0000 1234")
    folder.write_evidence(evidence_of(record))
    [item] = folder.evidence()
    assert (item.measures[0].value, item.measures[0].n, item.proofs[0].ok) == (1234.0, 1234, True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(st.characters(exclude_categories=())), st.floats(allow_nan=True), st.text())
def test_any_words_and_progress_can_be_written_and_read(
    folder: RunFolder, text: str, fraction: float, key: str
) -> None:
    record, told = a_record(folder, "hunter2")
    record.fact(key, text)
    record.proof(text, True, text)
    record.progress(fraction, text)
    evidence = evidence_of(record, reason=text)
    assert msgspec.json.decode(msgspec.json.encode(evidence), type=Evidence) == evidence
    assert 0.0 <= told[0][0] <= 1.0
