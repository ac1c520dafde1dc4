"""`battery compare`: two runs side by side, and an exit code that says whether a gate got worse."""

import json
from pathlib import Path
from typing import Any

import pytest

from battery.cli import main
from battery.store import RunFolder
from tests.fakes.plans import a_check, a_plan, changed, measured, some_evidence


def a_run_folder(artifacts: Path, name: str, value: float, **given: Any) -> str:
    folder = RunFolder.create(artifacts, a_plan(run=name, **given))
    for check in folder.plan().checks:
        evidence = some_evidence(check.id, measured(value=value), mode=folder.plan().mode)
        folder.write_evidence(changed(evidence, plan=folder.digest()))
    return str(folder.path)


def test_a_run_like_the_other_is_not_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = a_run_folder(tmp_path, "one", 95), a_run_folder(tmp_path, "two", 91.5)
    assert main(["compare", before, after]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [line.split() for line in lines] == [
        ["coverage.line", "95", "91.5", "%"],
        ["G1", "pass", "pass"],
        ["no", "gate", "got", "worse"],
    ]


def test_a_gate_that_got_worse_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = a_run_folder(tmp_path, "one", 95), a_run_folder(tmp_path, "two", 50)
    assert main(["compare", before, after]) == 1
    assert capsys.readouterr().err.splitlines()[-2:] == [
        f"{'G1':<36} {'pass':>12} {'fail':>12}  WORSE",
        "got worse: G1",
    ]


def test_two_checks_of_one_measure_are_told_apart_and_absence_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = (a_check(id="a"), a_check(id="b"))
    before, after = (
        a_run_folder(tmp_path, "one", 95, checks=checks),
        a_run_folder(tmp_path, "two", 95, checks=()),
    )
    assert main(["compare", before, after]) == 1
    lines = [line.split() for line in capsys.readouterr().err.splitlines()]
    assert lines[:2] == [
        ["coverage.line", "(a)", "95", "absent", "%"],
        ["coverage.line", "(b)", "95", "absent", "%"],
    ]


def test_a_baseline_is_marked_on_every_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = a_run_folder(tmp_path, "one", 95), a_run_folder(tmp_path, "two", 95, mode="baseline")
    assert main(["compare", before, after]) == 0
    assert all(line.startswith("BASELINE ") for line in capsys.readouterr().err.splitlines())


def test_json_holds_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = a_run_folder(tmp_path, "one", 95)
    assert main(["compare", before, before, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["gates"] == [{"gate": "G1", "before": "pass", "after": "pass", "worse": False}]
    assert told["measures"][0]["check"] == "coverage.report"


def test_a_folder_that_is_no_run_exits_with_64(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(tmp_path), str(tmp_path)]) == 64
    expected = (
        f"battery compare: {tmp_path}: is no run folder (no plan.json); runs stand in artifacts/<run-id>\n"
    )
    assert capsys.readouterr().err == expected
