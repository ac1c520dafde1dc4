"""`python -m battery.reference.snapshots`."""

import json
from pathlib import Path

import pytest

from battery.reference.snapshots.__main__ import main
from battery.reference.snapshots.content import content_digest
from tests.fakes.reference_data import add_record, records_in

Captured = pytest.CaptureFixture[str]


def test_each_command_says_in_one_line_what_was_done(data: Path, tmp_path: Path, capsys: Captured) -> None:
    where = ["--data", str(data), "--file", str(tmp_path / "b")]
    said = []
    for command in ("backup", "destroy", "restore"):
        assert main([command, *where]) == 0
        said.append(json.loads(capsys.readouterr().out))
    backup, destroyed, restored = said
    assert backup["digest"] == restored["digest"] == content_digest(data)
    assert backup["taken_at"] == restored["taken_at"]
    assert "orders.sqlite3" in destroyed["destroyed"]


def test_digest_prints_the_hash_of_the_content(data: Path, capsys: Captured) -> None:
    assert main(["digest", "--data", str(data)]) == 0
    assert capsys.readouterr().out == f"{content_digest(data)}\n"
    assert main(["digest", "--data", str(data), "--with-audit"]) == 0
    assert capsys.readouterr().out == f"{content_digest(data, with_audit=True)}\n"


def test_a_refusal_is_one_line_on_stderr_and_exit_1(data: Path, tmp_path: Path, capsys: Captured) -> None:
    add_record(data, "third")
    assert main(["restore", "--data", str(data), "--file", str(tmp_path / "b")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("cannot restore: ")
    assert captured.err.count("\n") == 1
    assert records_in(data) == ["first", "second", "third"]


def test_a_place_that_cannot_be_written_is_exit_1(data: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["backup", "--data", str(data), "--file", str(tmp_path / "no" / "b")]) == 1
    assert capsys.readouterr().err.startswith("cannot backup: ")


def test_bad_usage_is_exit_2(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["backup"])
    assert ended.value.code == 2
    capsys.readouterr()
