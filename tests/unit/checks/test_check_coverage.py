"""The coverage check over a small tree with a real report of coverage.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from battery.judging import judge
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.target import Source
from tests.fakes.checks import Ran, run_own
from tests.fakes.plans import NOW

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


def check(tmp_path: Path, coverage: str, **source: str) -> tuple[Evidence, Ran]:
    definition = Definition(source=Source(path="tree", coverage=coverage, **source))
    ran = run_own(tmp_path, "coverage.report", definition=definition)
    return ran.evidence["coverage.report"], ran


def verdicts(ran: Ran) -> dict[str, str]:
    judgement = judge(ran.plan, ran.folder.digest(), ran.evidence.values(), NOW)
    return {rule.rule: rule.status for gate in judgement.gates if gate.gate == "G1" for rule in gate.rules}


@pytest.mark.parametrize("report", ["json", "xml", "lcov"])
def test_a_fresh_report_is_measured_and_proven_to_belong(tmp_path: Path, tree: Path, report: str) -> None:
    evidence, ran = check(tmp_path, cover(tree, "--branch", report=report))
    assert evidence.status == "measured", evidence.reason
    told = [(measure.name, round(measure.value), measure.n) for measure in evidence.measures]
    assert told == [("coverage.files", 50, 2), ("coverage.line", 75, 4), ("coverage.branch", 50, 2)]
    assert [proof.ok for proof in evidence.proofs] == [True]
    assert ran.folder.read_blob(evidence.blobs[0].sha256) == (tree / f"coverage.{report}").read_bytes()
    assert verdicts(ran) == {"coverage.line": "fail", "coverage.branch": "fail", "coverage.files": "fail"}


def test_without_branches_the_lines_are_measured_and_the_branches_undecided(
    tmp_path: Path, tree: Path
) -> None:
    (tree / "run.py").write_text(COVERED + "assert shop.signs.sign(-1) == -1\n")
    evidence, ran = check(tmp_path, cover(tree))
    assert [measure.name for measure in evidence.measures] == ["coverage.files", "coverage.line"]
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
