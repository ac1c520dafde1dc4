"""The history: every version that git remembers, each content once, named by the commit that brought it."""

import subprocess
from pathlib import Path
from random import Random

import pytest

from battery.scan.findings import findings_of
from battery.scan.source.pool import Pool
from battery.scan.source.secrets.canary import planted
from battery.scan.source.secrets.history import History
from battery.scan.source.secrets.scan import scan_secrets
from battery.scan.source.tree import LARGEST, tree_of
from tests.unit.scan.source.conftest import KEY

pytestmark = pytest.mark.real("git")
TOKEN = planted(Random(5))["GitLab Token"]


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A token that came in the second commit and went in the third; it also stands on a branch, under another name."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    for number, text in enumerate(("calm\n", f"x\n{TOKEN}\n", "calm again\n")):
        (root / "a b.txt").write_text(text)
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", str(number))
    git(root, "checkout", "-q", "-b", "side", "HEAD~1")
    (root / "copy.txt").write_text(f"x\n{TOKEN}\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "side")
    git(root, "checkout", "-q", "main")
    return root


def test_a_secret_that_was_removed_is_found_in_the_commit_that_brought_it(
    repository: Path, pool: Pool
) -> None:
    second = git(repository, "rev-parse", "HEAD~1")[:12]
    result = scan_secrets(tree_of(repository), pool, history=True)
    assert [(item.where, item.line) for item in result.found] == [(f"git:{second}:a b.txt", 2)]
    assert result.incomplete == ()
    assert result.facts["history"] == "3 versions of files"
    assert result.ledger.adds_up


def test_without_history_only_the_tree_is_searched(repository: Path, pool: Pool) -> None:
    result = scan_secrets(tree_of(repository), pool)
    assert result.found == ()
    assert result.facts["history"] == "not searched"


def test_one_secret_in_the_tree_and_in_its_history_is_one_finding(repository: Path, pool: Pool) -> None:
    (repository / "now.txt").write_text(TOKEN)
    (finding,) = findings_of(scan_secrets(tree_of(repository), pool, history=True).found, KEY)
    assert len(finding.places) == 2


def test_a_folder_that_is_no_repository_is_incomplete(tmp_path: Path, pool: Pool) -> None:
    (tmp_path / "a.txt").write_text("calm")
    result = scan_secrets(tree_of(tmp_path), pool, history=True)
    assert "the history could not be searched" in result.incomplete[0]


def test_a_shallow_clone_is_incomplete(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    assert "shallow clone" in History(tmp_path / "shallow").doubts[0]


def test_a_repository_without_its_objects_is_incomplete(repository: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:a b.txt")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert History(repository).doubts


def test_a_repository_without_commits_has_no_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert History(tmp_path).blobs() == ()


def test_a_version_that_is_too_large_is_told(repository: Path) -> None:
    (repository / "large.txt").write_bytes(b"x" * (LARGEST + 1))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "large")
    past = History(repository)
    assert [skip.harmless for skip in past.skipped] == [False]
    assert len(past.blobs()) == 3


def test_git_that_is_not_installed_is_a_reason(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "git is not installed" in History(repository).doubts[0]


def test_a_version_that_vanishes_meanwhile_is_a_doubt(repository: Path) -> None:
    past = History(repository)
    for file in (repository / ".git/objects").glob("??/*"):
        file.unlink()
    assert list(past.pieces()) == []
    assert "was not searched to its end" in past.doubts[0]
