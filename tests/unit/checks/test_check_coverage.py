"""The coverage check over a small tree with a real report of coverage.py."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from battery.definitions.asked_rules import with_asked_rules
from battery.judging import judge
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.target import Source
from tests.fakes.checks import Ran, run_own
from tests.fakes.naps import nap, napping
from tests.fakes.plans import NOW, SHIPPED

CODE = "def sign(number):\n    if number < 0:\n        return -1\n    return 1\n"
COVERED = "import shop.signs\nassert shop.signs.sign(1) == 1\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with code and something that runs it."""
    tree = tmp_path / "tree"
    (tree / "shop").mkdir(parents=True)
    (tree / "shop" / "__init__.py").touch()
    (tree / "shop" / "signs.py").write_text(CODE)
    (tree / "run.py").write_text(COVERED)
    return tree


def cover(tree: Path, *options: str, report: str = "json") -> str:
    """Run the code under coverage.py as a user would; the report's name."""
    name = f"coverage.{report}"
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    for command in (
        ["run", "--rcfile=", *options, "--include=shop/*", "run.py"],
        [report, "--rcfile=", "-o", name],
    ):
        subprocess.run(
            [sys.executable, "-m", "coverage", *command],
            cwd=tree,
            env=environ,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return name


def check(tmp_path: Path, coverage: str, **source: Any) -> tuple[Evidence, Ran]:
    definition = Definition(source=Source(path="tree", coverage=coverage, **source))
    gates = with_asked_rules(SHIPPED, definition).gates
    ran = run_own(tmp_path, "coverage.report", definition=definition, gates=gates)
    return ran.evidence["coverage.report"], ran


def verdicts(ran: Ran) -> dict[str, str]:
    judgement = judge(ran.plan, ran.folder.digest(), ran.evidence.values(), NOW)
    return {rule.rule: rule.status for gate in judgement.gates if gate.gate == "G1" for rule in gate.rules}


@pytest.mark.parametrize("report", ["json", "xml", "lcov"])
def test_a_fresh_report_is_measured_and_proven_to_belong(tmp_path: Path, tree: Path, report: str) -> None:
    evidence, ran = check(tmp_path, cover(tree, "--branch", report=report))
    assert evidence.status == "measured", evidence.reason
    told = [(measure.name, round(measure.value), measure.n) for measure in evidence.measures]
    assert told == [
        ("coverage.files", 50, 2),
        ("coverage.line", 75, 4),
        ("coverage.branch", 50, 2),
        ("coverage.package.least", 75, 4),
    ]
    assert evidence.measures[-1].note == "shop"
    assert [proof.ok for proof in evidence.proofs] == [True]
    assert ran.folder.read_blob(evidence.blobs[0].sha256) == (tree / f"coverage.{report}").read_bytes()
    assert verdicts(ran) == {"coverage.line": "fail", "coverage.branch": "fail", "coverage.files": "fail"}


def test_without_branches_the_lines_are_measured_and_the_branches_undecided(
    tmp_path: Path, tree: Path
) -> None:
    (tree / "run.py").write_text(COVERED + "assert shop.signs.sign(-1) == -1\n")
    evidence, ran = check(tmp_path, cover(tree))
    names = [measure.name for measure in evidence.measures]
    assert names == ["coverage.files", "coverage.line", "coverage.package.least"]
    told = verdicts(ran)
    assert (told["coverage.line"], told["coverage.branch"]) == ("pass", "undecided")


def test_a_report_older_than_the_code_proves_nothing(tmp_path: Path, tree: Path) -> None:
    name = cover(tree, "--branch")
    made = (tree / name).stat().st_mtime
    os.utime(tree / "shop" / "signs.py", (made + 60, made + 60))
    evidence, ran = check(tmp_path, name)
    [proof] = evidence.proofs
    assert not proof.ok
    assert "stale" in proof.detail
    assert "shop/signs.py" in proof.detail
    assert set(verdicts(ran).values()) == {"undecided"}


def test_a_report_of_another_tree_proves_nothing(tmp_path: Path, tree: Path) -> None:
    name = cover(tree, "--branch")
    (tree / "shop" / "signs.py").rename(tree / "shop" / "numbers.py")
    evidence, ran = check(tmp_path, name)
    assert not evidence.proofs[0].ok
    assert "foreign" in evidence.proofs[0].detail
    assert set(verdicts(ran).values()) == {"undecided"}


@pytest.mark.parametrize(
    ("coverage", "reason"),
    [("", "no coverage report: name it"), ("nowhere.xml", "nowhere.xml does not exist")],
)
def test_without_a_report_the_check_is_skipped(
    tmp_path: Path, tree: Path, coverage: str, reason: str
) -> None:
    evidence, ran = check(tmp_path, coverage)
    assert evidence.status == "skipped"
    assert reason in evidence.reason
    assert set(verdicts(ran).values()) == {"undecided"}


def test_without_a_source_tree_the_check_is_skipped(tmp_path: Path) -> None:
    ran = run_own(tmp_path, "coverage.report")
    assert ran.evidence["coverage.report"].status == "skipped"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{}", b"<coverage/>", b"<?xml"])
def test_a_report_that_cannot_be_read_is_errored_in_one_line(
    tmp_path: Path, tree: Path, content: bytes
) -> None:
    (tree / "coverage.xml").write_bytes(content)
    evidence, ran = check(tmp_path, "coverage.xml")
    assert evidence.status == "errored"
    assert "coverage.xml" in evidence.reason
    assert "\n" not in evidence.reason
    assert set(verdicts(ran).values()) == {"undecided"}


def test_a_loop_of_links_in_the_tree_is_no_trap(tmp_path: Path, tree: Path) -> None:
    name = cover(tree, "--branch")
    (tree / "shop" / "loop").symlink_to(tree)
    (tree / "shop" / "self").symlink_to("self")
    evidence, _ = check(tmp_path, name)
    assert evidence.status == "measured", evidence.reason


MAKE = f"""
{sys.executable} -m coverage run --rcfile= --branch --include='shop/*' run.py &&
{sys.executable} -m coverage json --rcfile= -o made/report.json
"""


def when_run(tmp_path: Path, script: str, **source: Any) -> tuple[Evidence, Ran]:
    """The check with tests that a shell script runs in the copy."""
    command = ("sh", "-c", script)
    return check(tmp_path, "made/report.json", coverage_command=command, **source)


def test_the_tests_run_in_a_copy_and_their_report_is_measured(tmp_path: Path, tree: Path) -> None:
    before = sorted(path.name for path in tree.rglob("*"))
    evidence, ran = when_run(tmp_path, MAKE)
    assert evidence.status == "measured", evidence.reason
    told = {measure.name: round(measure.value) for measure in evidence.measures}
    assert (told["coverage.line"], told["coverage.branch"]) == (75, 50)
    assert all(proof.ok for proof in evidence.proofs), evidence.proofs
    assert "Wrote JSON report to made/report.json" in ran.blob("coverage.report", "coverage-command.log")
    assert sorted(path.name for path in tree.rglob("*")) == before


def test_a_report_that_lay_in_the_tree_already_does_not_pass_for_the_commands(
    tmp_path: Path, tree: Path
) -> None:
    (tree / "made").mkdir()
    (tree / cover(tree, "--branch")).rename(tree / "made" / "report.json")
    evidence, ran = when_run(tmp_path, "echo nothing to do")
    assert evidence.status == "errored"
    assert "wrote no made/report.json into the copy of the tree: nothing to do" in evidence.reason
    assert (tree / "made" / "report.json").is_file()
    assert set(verdicts(ran).values()) == {"undecided"}


def test_tests_that_fail_cover_nothing_and_their_log_is_kept(tmp_path: Path, tree: Path) -> None:
    evidence, ran = when_run(tmp_path, MAKE + "\necho one test failed; exit 1")
    assert evidence.status == "errored"
    assert "ended with 1" in evidence.reason
    assert "one test failed" in evidence.reason
    assert "one test failed" in ran.blob("coverage.report", "coverage-command.log")
    assert set(verdicts(ran).values()) == {"undecided"}


def test_tests_that_hang_are_killed_with_their_children_at_the_limit(tmp_path: Path, tree: Path) -> None:
    aside, long = nap(), nap()
    script = f"echo started; setsid sleep {aside} & sleep {long}"
    evidence, ran = when_run(tmp_path, script, coverage_limit="3 s")
    assert evidence.status == "errored"
    assert "after 3 s the command did not end" in evidence.reason
    assert "started" in ran.blob("coverage.report", "coverage-command.log")
    assert napping(aside, long) == []


def test_a_command_gets_the_variables_that_are_named_and_no_others(
    tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAMED", "yes")
    monkeypatch.setenv("UNNAMED", "yes")
    script = 'test "$NAMED" = yes && test -z "$UNNAMED" &&' + MAKE
    evidence, _ = when_run(tmp_path, script, environment=("NAMED",))
    assert evidence.status == "measured", evidence.reason


def test_a_report_outside_of_the_copy_is_not_the_commands(tmp_path: Path, tree: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    evidence, _ = check(tmp_path, str(outside), coverage_command=("true",))
    assert evidence.status == "errored"
    assert "into the copy of the tree" in evidence.reason
    assert outside.is_file()


@pytest.mark.parametrize(("floor", "verdict"), [(70.0, "pass"), (80.0, "fail")])
def test_a_floor_for_each_package_is_judged_where_battery_toml_asks(
    tmp_path: Path, tree: Path, floor: float, verdict: str
) -> None:
    _, ran = check(tmp_path, cover(tree, "--branch"), package_floor=floor)
    assert verdicts(ran)["coverage.package.least"] == verdict
