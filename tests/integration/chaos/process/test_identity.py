"""Processes are told apart by their birth, and signals reach the very one that is meant."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from battery.chaos.process.door import Door, knows_sockets
from battery.chaos.process.family import descendants, family, marked, session
from battery.chaos.process.given import GivenProcess
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
from battery.chaos.process.listening import serving
from battery.chaos.process.mark import marked_environment, new_mark
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


def test_a_session_outlives_its_leader_and_is_still_found_while_the_leader_keeps_its_number() -> None:
    with family_of_two() as (parent, child):
        one = parent.one
        send(one, signal.SIGKILL)
        wait_until(lambda: not is_alive(one), "the leader ended, and nobody has collected its status")
        assert [member.pid for member in family(one)] == [child]
        assert descendants(one) == ()


def test_who_carries_a_mark_is_found_and_nobody_else() -> None:
    mark = new_mark()
    process = subprocess.Popen(["sleep", "600"], env=marked_environment(mark))
    try:
        wait_until(lambda: [one.pid for one in marked(mark).members] == [process.pid], "found by its mark")
        assert marked(new_mark()).members == ()
    finally:
        process.kill()
        process.wait()


def test_the_birth_is_told_by_the_kernel_and_no_clock_moves_it() -> None:
    here = identify(os.getpid())
    assert here is not None
    if not here.is_exact:
        pytest.skip("only Linux numbers births")
    moved = ProcessIdentity(pid=here.pid, create_time=0.0, ticks=here.ticks, boot=here.boot)
    assert is_alive(moved)
    assert {here: 1}[moved] == 1
    assert not is_alive(ProcessIdentity(pid=here.pid, create_time=0.0, ticks=here.ticks, boot="another"))
    assert here != ProcessIdentity(pid=here.pid, create_time=here.create_time, ticks=1, boot=here.boot)
    assert here != "a process"


LISTENER = """
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(not knows_sockets(), reason="only Linux tells who listens where")
def test_the_process_behind_a_port_is_told_from_another() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdin
    try:
        door = Door(port=int(process.stdout.readline()))
        right = GivenProcess(identity=identify(process.pid), given="started by a test")
        assert serving(right, door) == right
        assert "does not listen" in serving(right, Door(port=1)).doubt
        with sleeper() as other:
            doubt = serving(other, door).doubt
            assert f"does not listen at {door}, process {process.pid}" in doubt
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()
    assert "nobody else is seen there: start the target first" in serving(right, door).doubt
