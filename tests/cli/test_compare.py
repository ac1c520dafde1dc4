"""`battery compare`: two runs side by side, and an exit code that says whether anything got worse."""

import json
from pathlib import Path
from typing import Any

import pytest

from battery.cli import main
from battery.load.tally import Slice
from battery.store import RunFolder
from tests.fakes.plans import a_check, a_plan, changed, measured, some_evidence
from tests.unit.comparing.sides import as_blob, load_plan, noisy


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
        ["measure", "before", "after"],
        ["coverage.line", "95", "91.5", "%", "-3.7", "%"],
        ["gate", "before", "after"],
        ["G1", "pass", "pass"],
        ["nothing", "got", "worse"],
    ]


def test_a_gate_that_got_worse_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = a_run_folder(tmp_path, "one", 95), a_run_folder(tmp_path, "two", 50)
    assert main(["compare", before, after]) == 1
    assert capsys.readouterr().err.splitlines()[-2:] == [
        f"{'G1':<36} {'pass':>12} {'fail':>12}  WORSE",
        "got worse: G1 (pass → fail)",
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
    assert lines[1:3] == [
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
    assert (told["loads"], told["worse"]) == ([], [])


def a_load_run(artifacts: Path, name: str, seconds: list[Slice]) -> str:
    """A run of profile P1 in which only its seconds may have changed."""
    folder = RunFolder.create(artifacts, changed(load_plan(), run=name, gates=()))
    blob = folder.write_blob("slices", as_blob(seconds), "application/x-ndjson")
    evidence = some_evidence("load.P1", measured("load.p1.p99", 30.0))
    folder.write_evidence(changed(evidence, plan=folder.digest(), blobs=(blob,)))
    return str(folder.path)


def test_a_load_that_is_clearly_slower_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = a_load_run(tmp_path, "one", noisy(10.0))
    after = a_load_run(tmp_path, "two", noisy(12.0, seed=2))
    assert main(["compare", before, after, "--json"]) == 1
    said = capsys.readouterr()
    rows = {line.split()[1]: line for line in said.err.splitlines() if line.startswith("P1 ")}
    assert list(rows) == ["p50", "p99", "errors"]
    assert rows["p50"].endswith("WORSE")
    assert rows["errors"].endswith("+0.00 points (+0.00 points .. +0.00 points)  same")
    assert said.err.splitlines()[-1].startswith("got worse: P1 p50 (+")
    told = json.loads(said.out)
    assert [load["verdict"] for load in told["loads"]] == ["worse", "worse", "same"]
    assert told["loads"][0]["lower"] > 5
    assert len(told["worse"]) == 2


@pytest.mark.parametrize("effect", ["50", "50%", " 50 % "])
def test_what_counts_as_slower_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], effect: str
) -> None:
    before = a_load_run(tmp_path, "one", noisy(10.0))
    after = a_load_run(tmp_path, "two", noisy(12.0, seed=2))
    assert main(["compare", before, after, f"--minimum-effect={effect}"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "nothing got worse"


def test_a_load_that_is_faster_or_too_short_to_say_exits_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = a_load_run(tmp_path, "one", noisy(10.0))
    faster = a_load_run(tmp_path, "two", noisy(8.0, seed=2))
    short = a_load_run(tmp_path, "three", noisy(90.0, 9))
    assert main(["compare", before, faster]) == 0
    assert "  better\n" in capsys.readouterr().err
    assert main(["compare", before, short]) == 0
    assert "not enough slices (60 and 9 seconds)\n" in capsys.readouterr().err


@pytest.mark.parametrize("effect", ["-1", "much", "nan", "inf", ""])
def test_an_effect_that_is_no_percentage_is_bad_usage(
    capsys: pytest.CaptureFixture[str], effect: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["compare", "a", "b", f"--minimum-effect={effect}"])
    assert stopped.value.code == 64
    assert "is no percentage of 0 or more, such as 5 or 2.5%" in capsys.readouterr().err


def test_seconds_that_are_not_what_was_recorded_exit_with_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = a_load_run(tmp_path, "one", noisy(10.0))
    [blob] = (Path(before) / "blobs").iterdir()
    blob.write_bytes(b"changed")
    assert main(["compare", before, before]) == 4
    assert "its bytes have the digest" in capsys.readouterr().err


def test_a_folder_that_is_no_run_exits_with_64(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(tmp_path), str(tmp_path)]) == 64
    expected = (
        f"battery compare: {tmp_path}: is no run folder (no plan.json); runs stand in artifacts/<run-id>\n"
    )
    assert capsys.readouterr().err == expected
