"""The source tree's digest in a git checkout."""

import subprocess
from pathlib import Path

import pytest

from battery.certificate.subject import from_tree


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text("print()\n")
    (tmp_path / ".gitignore").write_text("*.log\nbuilt/\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_what_git_ignores_is_no_part_of_the_source(checkout: Path) -> None:
    before = from_tree(checkout)
    (checkout / "run.log").write_text("noise")
    (checkout / "built").mkdir()
    (checkout / "built" / "app.o").write_bytes(b"noise")
    assert from_tree(checkout) == before


def test_a_file_that_git_does_not_know_and_does_not_ignore_counts(checkout: Path) -> None:
    before = from_tree(checkout)
    (checkout / "new.py").write_text("import os\n")
    assert from_tree(checkout) != before


def test_the_digest_is_the_same_without_git(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (checkout / "run.log").write_text("noise")
    plain = tmp_path_factory.mktemp("plain") / checkout.name
    plain.mkdir()
    for name in ("app.py", ".gitignore"):
        (plain / name).write_bytes((checkout / name).read_bytes())
    assert from_tree(plain) == from_tree(checkout)


def test_a_broken_checkout_is_taken_whole(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere")
    (tmp_path / ".gitignore").write_text("*.log\n")
    before = from_tree(tmp_path)
    (tmp_path / "run.log").write_text("noise")
    assert from_tree(tmp_path) != before


def test_keys_and_runs_at_the_root_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print()\n")
    before = from_tree(tmp_path)
    for name in ("battery.key", "battery.pub"):
        (tmp_path / name).write_text("key")
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "x").write_text("run")
    assert from_tree(tmp_path) == before
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "battery.key").write_text("part of the source")
    assert from_tree(tmp_path) != before
