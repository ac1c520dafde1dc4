"""Flaws as evidence."""

from pathlib import Path

from battery.model.evidence import Evidence
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.report import record_flaws
from battery.recording import Record
from battery.store import RunFolder
from tests.fakes.plans import NOW, a_plan

MEASURE = "observability.alerts.defects"


def recorded(tmp_path: Path, *flaws: Flaw) -> Evidence:
    folder = RunFolder.create(tmp_path, a_plan())
    record = Record(folder, (), lambda *_: None)
    record_flaws(record, MEASURE, flaws, looked=3, at="three files")
    return record.evidence(
        check="c",
        mode="real",
        plan="p",
        gates=("G6",),
        status="measured",
        reason="",
        started=NOW,
        seconds=1.0,
    )


def test_errors_are_counted_and_warnings_only_told(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        Flaw(rule="rules.for", where="Up", text="no for", weight="warning"),
        Flaw(rule="rules.summary", where="Down", text="no summary"),
    )
    [measure] = found.measures
    assert (measure.name, measure.value, measure.n, measure.note) == (MEASURE, 1, 3, "Down: no summary")
    assert found.facts == {
        "looked at": "three files",
        "error 1": "Down: no summary (rules.summary)",
        "warning 1": "Up: no for (rules.for)",
    }
    assert [blob.name for blob in found.blobs] == ["flaws"]


def test_without_flaws_the_note_says_what_was_looked_at(tmp_path: Path) -> None:
    [measure] = recorded(tmp_path).measures
    assert (measure.value, measure.note) == (0, "looked at three files")


def test_of_very_many_the_first_are_told_and_all_are_counted(tmp_path: Path) -> None:
    found = recorded(tmp_path, *(Flaw(rule="r", where=str(n), text="t") for n in range(50)))
    assert found.measures[0].value == 50
    assert found.facts["errors"].startswith("50; the first 20 stand here")
    assert "error 21" not in found.facts
