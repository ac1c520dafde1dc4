"""report: a finished run told again."""

import io
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.fakes.commands import run, run_here

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> Path:
    monkeypatch.chdir(tmp_path)
    run_here(capsys, "certify", "--baseline")
    return tmp_path / "artifacts/latest"


def test_the_console_form_says_what_certify_said_and_goes_to_stderr(run_folder: Path, capsys: Capsys) -> None:
    said = run_here(capsys, "report", run_folder)
    assert (said.code, said.out) == (0, "")
    assert "PASSED: 8 gates passed" in said.err
    assert all(line.startswith("BASELINE") for line in said.err.splitlines())


@pytest.mark.parametrize("form", ["html", "junit", "markdown"])
def test_the_other_forms_are_the_files_of_the_run(run_folder: Path, capsys: Capsys, form: str) -> None:
    said = run_here(capsys, "report", run_folder, "--format", form)
    assert said.code == 0
    assert "BASELINE" in said.out
    if form == "junit":
        assert ElementTree.fromstring(said.out).tag == "testsuites"
    if form == "html":
        assert said.out.startswith("<!DOCTYPE html>")


def test_as_json_it_is_the_judged_run(run_folder: Path, capsys: Capsys) -> None:
    told = run_here(capsys, "report", run_folder, "--json").json
    assert told["judgement"]["result"] == "PASSED"
    assert told["certificate"].endswith("certificate.json")
    assert len(told["evidence"]) == len(told["plan"]["checks"])


def test_reports_are_written_anew_and_the_certificate_still_holds(run_folder: Path, capsys: Capsys) -> None:
    for name in ("report.html", "junit.xml", "summary.md"):
        (run_folder / name).unlink()
    said = run_here(capsys, "report", run_folder, "--write")
    assert (said.code, said.out) == (0, "")
    for name in ("report.html", "junit.xml", "summary.md"):
        assert "BASELINE" in (run_folder / name).read_text()
    verified = ("verify", run_folder / "certificate.json", "--key", "artifacts/throwaway.pub")
    assert run_here(capsys, *verified, "--accept-baseline", "--evidence", run_folder).code == 0


def test_a_run_that_has_not_finished_is_told_as_far_as_it_came(run_folder: Path, capsys: Capsys) -> None:
    (run_folder / "certificate.json").unlink()
    (run_folder / "evidence/target.before.json").unlink()
    said = run_here(capsys, "report", run_folder, "--json")
    assert (said.code, said.json["certificate"]) == (0, "")
    assert said.json["judgement"]["result"] == "UNDECIDED"


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b"[" * 100_000])
def test_evidence_that_cannot_be_read_is_corrupt(run_folder: Path, capsys: Capsys, damage: bytes) -> None:
    (run_folder / "evidence/target.before.json").write_bytes(damage)
    said = run_here(capsys, "report", run_folder)
    assert said.code == 4
    assert "target.before.json" in said.last
    assert said.err.count("\n") == 1


def test_a_locale_without_letters_changes_no_byte_of_a_report(run_folder: Path, capsys: Capsys) -> None:
    here = run_here(capsys, "report", run_folder, "--format", "html")
    there = run("report", run_folder, "--format", "html", cwd=run_folder, PYTHONIOENCODING="ascii:strict")
    assert there.code == 0, there.err
    assert there.out == here.out


def test_people_that_no_longer_listen_change_no_exit_code(
    run_folder: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Deaf())
        said = run_here(capsys, "report", run_folder, "--write", "--json")
    assert said.code == 0
