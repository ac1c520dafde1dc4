"""What a scan leaves in the evidence."""

from pathlib import Path

import msgspec
import pytest

from battery.model.evidence import Evidence
from battery.recording import Record
from battery.scan.evidence import BLOB, record_scan
from battery.scan.export import Export
from battery.scan.findings import findings_of
from battery.scan.interface import Canary, Found, Ledger, ScanResult, Skipped
from battery.store import RunFolder
from tests.fakes.plans import NOW, a_plan

KEY = b"k" * 32
SEEN, MISSED = (Canary(name="B602", seen=seen, detail="planted") for seen in (True, False))


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, a_plan())


def a_result(*found: Found, **given: object) -> ScanResult:
    defaults: dict[str, object] = {"ledger": Ledger(discovered=3, scanned=3), "canaries": (SEEN,)}
    return ScanResult(scanner="code", found=found, **defaults | given)  # type: ignore[arg-type]


def recorded(folder: RunFolder, result: ScanResult, standing: frozenset[str] = frozenset()) -> Evidence:
    record = Record(folder, (), lambda fraction, text: None)
    record_scan(record, result, KEY, standing)
    return record.evidence(
        check="security_source.code", mode="real", plan="", gates=("G5",), status="measured", reason="", started=NOW, seconds=1
    )  # fmt: skip


def shell(line: int, where: str = "app.py") -> Found:
    return Found(rule="code.B602", where=where, line=line, content=f"call({line})", excerpt="call(…)")


def values(evidence: Evidence) -> dict[str, float]:
    return {measure.name.rpartition(".")[2]: measure.value for measure in evidence.measures}


def held(evidence: Evidence) -> dict[str, bool]:
    return {proof.name: proof.ok for proof in evidence.proofs}


def test_findings_are_counted_by_severity_and_listed(folder: RunFolder) -> None:
    evidence = recorded(folder, a_result(shell(1), shell(2)))
    assert values(evidence) == {"critical": 2, "high": 0}
    assert [finding.rule for finding in evidence.findings] == ["code.B602", "code.B602"]
    assert all(held(evidence).values())
    assert evidence.measures[0].n == 3


@pytest.mark.parametrize(
    ("given", "lost"),
    [
        ({"ledger": Ledger(discovered=4, scanned=3)}, "every part is accounted for"),
        ({"incomplete": ("broken.py: no syntax",)}, "the scan is complete"),
        ({"canaries": (SEEN, MISSED)}, "its canaries were found"),
        ({"canaries": ()}, "its canaries were found"),
        ({"canaries": (), "ledger": Ledger(discovered=0, scanned=0)}, "the scan is complete"),
    ],
)
def test_whatever_makes_a_green_false_is_a_proof_that_does_not_hold(
    folder: RunFolder, given: dict[str, object], lost: str
) -> None:
    proofs = held(recorded(folder, a_result(**given)))
    assert [name for name, ok in proofs.items() if not ok] == [lost]


def test_what_there_was_nothing_of_to_look_at_needs_no_canary(folder: RunFolder) -> None:
    by_design = (Skipped(what="access", reason="declared public", harmless=True),)
    evidence = recorded(
        folder, a_result(ledger=Ledger(discovered=1, scanned=0, skipped=by_design), canaries=())
    )
    assert all(held(evidence).values())
    assert [measure.n for measure in evidence.measures] == [None, None]


def test_what_stood_before_a_change_is_not_counted_unless_it_stands_at_another_place_too(
    folder: RunFolder,
) -> None:
    old = frozenset(place.fingerprint for item in findings_of([shell(1)], KEY) for place in item.places)
    evidence = recorded(folder, a_result(shell(1), shell(7)), old)
    assert values(evidence)["critical"] == 1
    assert evidence.facts["not counted"] == "1 findings that stood before the change"


def test_of_many_small_ones_the_evidence_lists_some_and_the_blob_all(folder: RunFolder) -> None:
    many = [
        Found(rule="code.B101", where=f"{number}.py", line=1, content=f"assert {number}")
        for number in range(300)
    ]
    evidence = recorded(folder, a_result(shell(1), *many))
    assert len(evidence.findings) == 201
    assert evidence.findings[0].rule == "code.B602"
    assert evidence.facts["listed"].startswith("201 of 301 findings")
    (blob,) = [blob for blob in evidence.blobs if blob.name == BLOB]
    assert len(msgspec.json.decode(folder.read_blob(blob.sha256), type=Export).findings) == 301
