"""Undo steps that need no other process."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from battery.chaos.process.family import session
from battery.chaos.process.identity import ProcessIdentity, identify, is_alive, is_stopped, send
from battery.chaos.process.mark import marked_environment, new_mark
from battery.chaos.undo.performing import perform, perform_all
from battery.chaos.undo.steps import (
    OWN_FILE,
    ContinueProcess,
    DeleteFile,
    DeleteProxy,
    EndMarked,
    EndSession,
    RemoveToxic,
    RestoreLimit,
)
from tests.integration.chaos.process.waiting import wait_until

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
    continued, limit, agent, *others = [outcome.words for outcome in outcomes]
    assert continued == "process 2147483647 has ended: nothing to continue"
    assert limit == "process 2147483647: no descriptor limit of 9 was left"
    # Where some processes may not be looked into, it says so.
    assert agent.startswith("the agent: no process")
    assert others == ["the target: no process was left", f"/nowhere/{OWN_FILE}1 was gone already"]


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


@pytest.mark.parametrize(
    "step",
    [
        RemoveToxic(url="http://127.0.0.1:1", proxy="db", toxic="slow"),
        DeleteProxy(url="http://127.0.0.1:1", proxy="battery-1-target"),
    ],
)
def test_a_server_that_is_gone_took_its_toxics_and_proxies_along(step: RemoveToxic | DeleteProxy) -> None:
    outcome = perform(step)
    assert outcome.done
    assert "no server listens at http://127.0.0.1:1 any more" in outcome.words


DAEMON = """
import os, time
if os.fork():
    os._exit(0)
print(os.getpid(), os.getsid(0), flush=True)
time.sleep(600)
"""


@contextmanager
def a_daemon(mark: str) -> Iterator[tuple[ProcessIdentity, int]]:
    """A process whose session's leader has ended, and the number of that session."""
    leader = subprocess.Popen(
        [sys.executable, "-c", DAEMON],
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
        env=marked_environment(mark),
    )
    assert leader.stdout
    pid, number = map(int, leader.stdout.readline().split())
    leader.wait()
    leader.stdout.close()
    daemon = identify(pid)
    assert daemon is not None
    try:
        yield daemon, number
    finally:
        send(daemon, signal.SIGKILL)


def test_a_daemon_that_has_the_number_of_a_dead_leader_is_no_family_without_its_mark() -> None:
    mark = new_mark()
    with a_daemon(mark) as (daemon, number):
        yesterday = ProcessIdentity(pid=number, create_time=time.monotonic())
        for strange in ("", new_mark()):
            outcome = perform(EndSession(leader=yesterday, what="the target", mark=strange))
            assert outcome.done
            assert f"process {daemon.pid} " in outcome.words
            assert "may be a stranger: left alone" in outcome.words
            assert is_alive(daemon)
        assert "was ended" in perform(EndSession(leader=yesterday, what="the target", mark=mark)).words
        assert not is_alive(daemon)


def test_while_nobody_has_collected_its_status_a_dead_leaders_session_is_its_own() -> None:
    code = DAEMON.replace("os._exit(0)", "time.sleep(0.1); os._exit(0)")
    leader = subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    one = identify(leader.pid)
    assert one is not None
    assert leader.stdout
    with leader.stdout as said:
        child = identify(int(said.readline().split()[0]))
    assert child is not None
    os.waitid(os.P_PID, leader.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(one)
    assert session(one) == (child,)
    leader.wait()
    assert session(one) == ()
    send(child, signal.SIGKILL)


def _stop(one: ProcessIdentity) -> None:
    send(one, signal.SIGSTOP)
    wait_until(lambda: is_stopped(one), "stopped")


def test_a_clock_that_was_set_makes_no_other_process_of_a_stopped_one() -> None:
    with a_session() as one:
        _stop(one)
        moved = ProcessIdentity(
            pid=one.pid, create_time=one.create_time + 3600, ticks=one.ticks, boot=one.boot
        )
        assert perform(ContinueProcess(process=moved)).words == f"process {one.pid} (sleep) was continued"
        assert not is_stopped(one)


def test_a_stopped_process_that_may_be_the_one_meant_is_told_and_not_called_done() -> None:
    with a_session() as one:
        _stop(one)
        by_the_clock = ProcessIdentity(pid=one.pid, create_time=one.create_time + 2.0)
        outcome = perform(ContinueProcess(process=by_the_clock))
        assert not outcome.done
        assert "was born -2.0 s from what was written down and is stopped: left alone" in outcome.words
        assert f"kill -CONT {one.pid}" in outcome.words
        send(one, signal.SIGCONT)
        wait_until(lambda: not is_stopped(one), "continued")
        outcome = perform(ContinueProcess(process=by_the_clock))
        assert outcome.done
        assert outcome.words.endswith("is not stopped: left alone")


def test_a_process_that_has_the_id_of_one_that_ended_is_left_stopped() -> None:
    with a_session() as one:
        _stop(one)
        ended = ProcessIdentity(pid=one.pid, create_time=1.0, ticks=1, boot=one.boot)
        outcome = perform(ContinueProcess(process=ended))
        assert outcome.done
        assert outcome.words == (
            f"process {one.pid} has ended, and process {one.pid} (sleep) has its id by now: left alone"
        )
        assert is_stopped(one)


def test_a_process_that_somebody_stops_again_is_not_called_continued() -> None:
    stopping = threading.Event()

    def stop_again(one: ProcessIdentity) -> None:
        while not stopping.is_set():
            send(one, signal.SIGSTOP)
            time.sleep(0.001)

    with a_session() as one:
        somebody = threading.Thread(target=stop_again, args=(one,))
        somebody.start()
        try:
            outcome = perform(ContinueProcess(process=one))
        finally:
            stopping.set()
            somebody.join()
    assert not outcome.done
    assert f"is still stopped after SIGCONT: continue it with kill -CONT {one.pid}" in outcome.words
