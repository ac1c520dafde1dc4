"""A run leaves evidence for every planned check, and goes on where it stopped."""

from pathlib import Path

import msgspec
import pytest

from battery.judging import judge
from battery.model.event import CheckFinished, CheckStarted
from battery.runner.session import RunInterrupted, kept_checks
from tests.fakes.checks import MEASURES, plan_for, run_again, run_files, write_checks
from tests.fakes.plans import NOW, a_check, a_gate

COUNTS = """
def check_a(record):
    with open(os.environ["COUNT"], "a") as file: file.write("a")
    record.measure('coverage.line', 95)
def check_b(record):
    with open(os.environ["COUNT"], "a") as file: file.write("b")
    if not os.path.exists(os.environ["COUNT"] + ".mended"): raise ValueError("not yet")
    record.measure('coverage.line', 95)
def check_c(record):
    with open(os.environ["COUNT"], "a") as file: file.write("c")
    record.measure('coverage.line', 95)
"""


@pytest.fixture
def count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "count"
    path.touch()
    monkeypatch.setenv("COUNT", str(path))
    return path


@pytest.fixture
def mended(count: Path) -> Path:
    """Its presence mends check_b."""
    return count.with_name("count.mended")


def test_a_resumed_run_does_only_what_is_open(tmp_path: Path, count: Path, mended: Path) -> None:
    folder = write_checks(tmp_path / "checks", it=COUNTS)
    plan, run = plan_for(folder)
    first = run_again(plan, run, folder)
    assert [item.status for item in first.evidence.values()] == ["measured", "errored", "measured"]
    mended.touch()
    second = run_again(plan, run, folder)
    assert [item.status for item in second.evidence.values()] == ["measured"] * 3
    assert second.evidence["it.a"] == first.evidence["it.a"]
    assert [(e.check, e.number) for e in second.events if isinstance(e, CheckStarted)] == [("it.b", 2)]
    third = run_again(plan, run, folder)
    assert third.events == []
    assert count.read_text() == "abcb"


def test_what_a_target_check_saw_at_the_end_does_not_hold_after_a_resume(
    tmp_path: Path, count: Path, mended: Path
) -> None:
    text = COUNTS.replace("def check_c", "@pytest.mark.instrument('target')\ndef check_c")
    folder = write_checks(tmp_path / "checks", it=text)
    plan, run = plan_for(folder)
    run_again(plan, run, folder)
    assert kept_checks(plan, run) == {"it.a"}
    mended.touch()
    run_again(plan, run, folder)
    assert count.read_text() == "abcbc"
    assert kept_checks(plan, run) == {"it.a", "it.b", "it.c"}


@pytest.mark.parametrize("change", [{"plan": "e" * 64}, {"mode": "baseline"}, {"status": "skipped"}])
def test_evidence_of_another_plan_or_mode_is_not_kept(tmp_path: Path, change: dict[str, str]) -> None:
    folder = write_checks(tmp_path / "checks", it="def check_it(record): record.measure('coverage.line', 95)")
    plan, run = plan_for(folder)
    ran = run_again(plan, run, folder)
    run.write_evidence(msgspec.structs.replace(ran.evidence["it.it"], **change))
    assert kept_checks(plan, run) == frozenset()
    assert run_again(plan, run, folder).evidence["it.it"].plan == run.digest()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Path.unlink, "it was planned, but its file is gone or it was not collected"),
        (lambda path: path.write_text(MEASURES + "#"), "its file changed after the plan was written"),
    ],
)
def test_a_planned_check_that_is_not_there_is_missing_and_its_gate_undecided(
    tmp_path: Path, change: object, reason: str
) -> None:
    folder = write_checks(
        tmp_path / "checks", stays="def check_it(record): record.measure('coverage.line', 95)"
    )
    path = folder / "check_goes.py"
    path.write_text(MEASURES)
    plan, run = plan_for(folder, gates=(a_gate(),))
    assert callable(change)
    change(path)
    ran = run_again(plan, run, folder)
    assert ran.evidence["stays.it"].status == "measured"
    assert ran.evidence["goes.it"].status == "missing"
    assert ran.evidence["goes.it"].reason.startswith(reason)
    assert [e.status for e in ran.events if isinstance(e, CheckFinished)] == ["measured", "missing"]
    [gate] = judge(plan, run.digest(), ran.evidence.values(), NOW).gates
    assert gate.status == "undecided"


def test_a_folder_that_vanished_leaves_its_checks_missing(tmp_path: Path) -> None:
    folder = write_checks(tmp_path / "checks", it="def check_it(record): pass")
    plan, run = plan_for(folder)
    (folder / "check_it.py").unlink()
    folder.rename(tmp_path / "elsewhere")
    assert run_again(plan, run, folder).evidence["it.it"].status == "missing"


def test_a_check_that_nobody_planned_does_not_run(tmp_path: Path) -> None:
    folder = write_checks(tmp_path / "checks", it="def check_it(record): record.measure('coverage.line', 95)")
    plan, run = plan_for(folder)
    write_checks(folder, added="def check_it(record): record.measure('coverage.line', 1)")
    assert set(run_again(plan, run, folder).evidence) == {"it.it"}


def test_an_interrupt_ends_the_run_and_keeps_what_was_measured(tmp_path: Path, count: Path) -> None:
    text = COUNTS.replace("if not", "raise KeyboardInterrupt\n    if not")
    folder = write_checks(tmp_path / "checks", it=text)
    plan, run = plan_for(folder)
    with pytest.raises(RunInterrupted, match=f"battery certify --resume {run.path}") as raised:
        run_again(plan, run, folder)
    assert raised.value.exit_code == 130
    assert [item.check for item in run.evidence()] == ["it.a"]
    assert count.read_text() == "ab"


def test_fixtures_are_undone_when_the_run_is_interrupted(tmp_path: Path, count: Path) -> None:
    text = """
    @pytest.fixture
    def changed():
        yield
        with open(os.environ["COUNT"], "a") as file: file.write("undone")
    def check_it(changed): raise KeyboardInterrupt
    """
    with pytest.raises(RunInterrupted):
        run_files(tmp_path, it=text)
    assert count.read_text() == "undone"


def test_a_baseline_run_stands_in_for_every_check_and_runs_none(tmp_path: Path, count: Path) -> None:
    folder = write_checks(tmp_path / "checks", it=COUNTS)
    check = a_check(id="placeholder.G1", measures=("coverage.line",))
    plan, run = plan_for(folder, mode="baseline", checks=(check,))
    ran = run_again(plan, run, folder)
    assert ran.evidence["placeholder.G1"].mode == "baseline"
    assert count.read_text() == ""
