"""Processes are told apart by their birth, and signals reach the very one that is meant."""

import os
import signal
import subprocess
import sys

import psutil

from battery.chaos.process.family import descendants, family, marked, session
from battery.chaos.process.identity import (
    ProcessIdentity,
    find,
    identify,
    is_alive,
    is_recycled,
    is_stopped,
    name_of,
    send,
)
from battery.chaos.process.listening import listeners, wrong_process
from battery.chaos.process.mark import VARIABLE, marked_environment, new_mark
from tests.integration.chaos.process.sleeper import family_of_two, sleeper
from tests.integration.chaos.process.waiting import wait_until


def test_a_signal_reaches_the_process_and_its_states_are_seen() -> None:
    with sleeper() as process:
        one = process.one
        assert name_of(one) == f"process {one.pid} (sleep)"
        assert send(one, signal.SIGSTOP)
        wait_until(lambda: is_stopped(one), "stopped")
        assert send(one, signal.SIGCONT)
        wait_until(lambda: not is_stopped(one), "continued")
        assert send(one, signal.SIGKILL)
        wait_until(lambda: not is_alive(one), "ended, though nobody has collected its status")
        assert not send(one, signal.SIGKILL)
        assert identify(one.pid) is None
        assert name_of(one) == f"process {one.pid}"


def test_a_recycled_id_is_never_signalled() -> None:
    with sleeper() as process:
        one = process.one
        before = ProcessIdentity(pid=one.pid, create_time=one.create_time - 60)
        assert is_recycled(before)
        assert not is_recycled(one)
        assert not send(before, signal.SIGKILL)
        assert not is_stopped(before)
        assert is_alive(one)


def test_no_process_has_a_number_below_one() -> None:
    assert identify(0) is None
    assert identify(-1) is None
    assert find(ProcessIdentity(pid=0, create_time=0)) is None


def test_the_birth_agrees_with_psutil() -> None:
    here = identify(os.getpid())
    assert here is not None
    assert here.create_time == psutil.Process().create_time()


def test_a_family_is_its_leader_its_descendants_and_its_session() -> None:
    with family_of_two() as (parent, child):
        one = parent.one
        assert [member.pid for member in descendants(one)] == [child]
        assert {member.pid for member in session(one)} == {one.pid, child}
        assert [member.pid for member in family(one)] == [one.pid, child]


def test_a_session_outlives_its_leader_and_is_still_found() -> None:
    with family_of_two() as (parent, child):
        one = parent.one
        send(one, signal.SIGKILL)
        wait_until(lambda: not is_alive(one), "the leader ended")
        assert [member.pid for member in family(one)] == [child]
        assert descendants(one) == ()


def test_who_carries_a_mark_is_found_and_nobody_else() -> None:
    mark = new_mark()
    process = subprocess.Popen(["sleep", "600"], env=marked_environment(mark))
    try:
        wait_until(lambda: [one.pid for one in marked(VARIABLE, mark)] == [process.pid], "found by its mark")
        assert marked(VARIABLE, new_mark()) == ()
    finally:
        process.kill()
        process.wait()


LISTENER = """
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    sys.stdin.read()
"""


def test_the_process_behind_a_port_is_told_from_another() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdin
    try:
        port = int(process.stdout.readline())
        serving = identify(process.pid)
        assert serving is not None
        assert listeners(port) == (serving,)
        assert wrong_process(serving, port) == ""
        with sleeper() as other:
            words = wrong_process(other.one, port)
            assert f"does not listen on port {port}, process {process.pid}" in words
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()
    assert listeners(port) is None
    assert wrong_process(serving, port) == ""
