"""One event stream, kept in a file and shown to a person."""

import os
import sys
from pathlib import Path

import msgspec
import pytest

from battery.cli.progress import progress
from battery.errors import StoreError
from battery.model.event import AnyEvent, CheckStarted
from battery.store import PROGRESS, RunFolder
from tests.fakes.plans import a_plan

EVENT = CheckStarted(at=1.0, check="a.b", title="a", number=1, limit=5.0)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, a_plan())


def kept(folder: RunFolder) -> list[AnyEvent]:
    lines = (folder.path / PROGRESS).read_bytes().splitlines()
    return [msgspec.json.decode(line, type=AnyEvent) for line in lines]


def test_an_event_is_kept_and_shown_while_standard_error_is_someone_elses(
    folder: RunFolder, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with progress(folder) as emit, (tmp_path / "elsewhere").open("w") as elsewhere:
        saved = os.dup(2)
        os.dup2(elsewhere.fileno(), 2)
        try:
            emit(EVENT)
        finally:
            os.dup2(saved, 2)
            os.close(saved)
    assert kept(folder) == [EVENT]
    assert "a.b began" in capfd.readouterr().err
    assert (tmp_path / "elsewhere").read_text() == ""


def test_without_a_file_behind_it_standard_error_is_used_as_it_is(
    folder: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress(folder) as emit:
        emit(EVENT)
    assert "a.b began" in capsys.readouterr().err


@pytest.mark.parametrize("tail", [b'{"event":"run-sta', b"\n{", b"\xff"])
def test_a_line_that_was_cut_off_makes_room(folder: RunFolder, tail: bytes) -> None:
    with progress(folder) as emit:
        emit(EVENT)
    path = folder.path / PROGRESS
    path.write_bytes(path.read_bytes() + tail.lstrip(b"\n"))
    with progress(folder) as emit:
        emit(EVENT)
    assert kept(folder) == [EVENT, EVENT]


def test_a_file_that_cannot_be_written_is_told(folder: RunFolder) -> None:
    (folder.path / PROGRESS).mkdir()
    with (
        pytest.raises(StoreError, match=r"progress\.jsonl: cannot be written: Is a directory"),
        progress(folder),
    ):
        pass


def test_a_person_that_left_does_not_end_the_run(
    folder: RunFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", nobody)
        with progress(folder) as emit:
            emit(EVENT)
            emit(EVENT)
    assert kept(folder) == [EVENT, EVENT]
