"""Undo steps that need no other process."""

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from battery.chaos.process.family import session
from battery.chaos.process.identity import ProcessIdentity, identify, is_alive
from battery.chaos.undo.performing import perform, perform_all
from battery.chaos.undo.steps import (
    OWN_FILE,
    ContinueProcess,
    DeleteFile,
    EndMarked,
    EndSession,
    RemoveToxic,
    RestoreLimit,
)

GONE = ProcessIdentity(pid=2**31 - 1, create_time=1.0)


def test_what_is_gone_is_undone() -> None:
    steps = (
        ContinueProcess(process=GONE),
        RestoreLimit(process=GONE, soft=1024, hard=4096, lowered=9),
        EndMarked(mark="0" * 32, what="the agent"),
        EndSession(leader=GONE, what="the target"),
        DeleteFile(path=f"/nowhere/{OWN_FILE}1"),
    )
    outcomes = perform_all(steps)
    assert all(outcome.done for outcome in outcomes)
    assert [outcome.words for outcome in outcomes] == [
        "process 2147483647 has ended: nothing to continue",
        "process 2147483647: no descriptor limit of 9 was left",
        "the agent: no process was left",
        "the target: no process was left",
        f"/nowhere/{OWN_FILE}1 was gone already",
    ]


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "data.db"
    file.touch()
    outcome = perform(DeleteFile(path=str(file)))
    assert not outcome.done
    assert file.exists()


def test_a_failure_is_told_and_not_raised(tmp_path: Path) -> None:
    folder = tmp_path / f"{OWN_FILE}folder"
    folder.mkdir()
    outcome = perform(DeleteFile(path=str(folder)))
    assert not outcome.done
    assert "could not be undone: DeleteFile" in outcome.words


def test_a_limit_that_the_process_has_set_itself_since_stays() -> None:
    here = identify(os.getpid())
    assert here is not None
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    outcome = perform(RestoreLimit(process=here, soft=before[0] - 1, hard=before[1], lowered=before[0] - 2))
    assert outcome.done
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


def test_a_session_whose_number_another_process_has_by_now_is_left_alone() -> None:
    with a_session() as stranger:
        recycled = ProcessIdentity(pid=stranger.pid, create_time=stranger.create_time - 10_000)
        assert (
            perform(EndSession(leader=recycled, what="the target")).words == "the target: no process was left"
        )
        assert is_alive(stranger)
        assert "was ended" in perform(EndSession(leader=stranger, what="the target")).words
        assert not is_alive(stranger)


@pytest.mark.parametrize("number", [0, 1])
def test_a_session_that_is_everybodys_is_nobodys(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # In a container, processes that came from outside have session 0 and no leader.
    monkeypatch.setattr("battery.chaos.process.family._session_of", lambda pid: number)
    with a_session() as bystander:
        leader = ProcessIdentity(pid=number, create_time=1.0)
        assert (
            perform(EndSession(leader=leader, what="the target")).words == "the target: no process was left"
        )
        assert is_alive(bystander)


def test_neither_this_process_nor_an_older_one_belongs_to_a_session_that_we_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_session() as older:
        time.sleep(2)  # more than the births' uncertainty
        with a_session() as leader:
            monkeypatch.setattr("battery.chaos.process.family._session_of", lambda pid: leader.pid)
            assert session(leader) == (leader,)
            assert is_alive(older)


@contextmanager
def a_session() -> Iterator[ProcessIdentity]:
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        identity = identify(process.pid)
        assert identity is not None
        yield identity
    finally:
        process.kill()
        process.wait()


def test_a_server_that_is_gone_took_its_toxics_along() -> None:
    outcome = perform(RemoveToxic(url="http://127.0.0.1:1", proxy="db", toxic="slow"))
    assert outcome.done
    assert "no server listens at http://127.0.0.1:1 any more" in outcome.words
