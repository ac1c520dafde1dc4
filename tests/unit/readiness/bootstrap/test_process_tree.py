"""Every process of a sandbox is found and ended: in its session, out of it, stopped, or deaf to SIGTERM."""

import os
import signal
import subprocess
import sys
import uuid

import psutil
import pytest

from battery.readiness.bootstrap.process_tree import MARK, TreeRoot, end_tree, members, root_of

DEAF = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(6661)"


def start(mark: str, *command: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command, env={**os.environ, MARK: mark}, stdout=subprocess.PIPE, start_new_session=True
    )


def test_one_that_left_the_session_is_found_by_its_mark_and_nobody_else_is() -> None:
    mark = uuid.uuid4().hex
    one, other = start(mark, "sleep", "6662"), start(mark, "sleep", "6663")
    stranger = start("another", "sleep", "6664")
    try:
        assert {process.pid for process in members(root_of(one.pid, mark))} == {one.pid, other.pid}
        ended = end_tree(root_of(one.pid, mark), 30.0, lambda: (one.poll(), other.poll()))
        assert (ended.killed, ended.left) == (0, ())
        assert stranger.poll() is None
    finally:
        for process in (one, other, stranger):
            process.kill()
            process.communicate()


@pytest.mark.parametrize("stopped", [False, True])
def test_one_that_is_deaf_or_stopped_is_killed(stopped: bool) -> None:
    mark = uuid.uuid4().hex
    deaf = start(mark, sys.executable, "-c", DEAF)
    assert deaf.stdout is not None
    assert deaf.stdout.readline() == b"on\n"
    if stopped:
        os.kill(deaf.pid, signal.SIGSTOP)
    ended = end_tree(root_of(deaf.pid, mark), 0.2, deaf.poll)
    deaf.communicate()
    assert (ended.killed, ended.left) == (1, ())
    assert deaf.returncode == -signal.SIGKILL


def test_nobody_is_a_member_of_a_tree_that_is_not_surely_theirs() -> None:
    """Only listed, never ended: a mistake here would end every process of the machine."""
    stranger = start("another", "sleep", "6665")
    try:
        born = root_of(stranger.pid, "no such mark").born
        forged = [
            TreeRoot(pid=pid, mark=mark, born=at)
            for pid in (0, 1, -1, stranger.pid, os.getsid(0))
            for mark in ("", "no such mark")
            for at in (None, 12345.0)
        ]
        forged += [TreeRoot(pid=pid, mark="no such mark", born=born) for pid in (0, 1, -1)]
        assert [root for root in forged if members(root)] == []
        real = TreeRoot(pid=stranger.pid, mark="no such mark", born=born)
        assert [process.pid for process in members(real)] == [stranger.pid]
    finally:
        stranger.kill()
        stranger.communicate()


def test_whom_the_caller_descends_from_is_never_a_member() -> None:
    """Only listed, as above. The session of the caller is one that holds its own line."""
    line = {process.pid for process in psutil.Process().parents()} | {os.getpid()}
    told = members(root_of(os.getsid(0), "no such mark"))
    assert not line & {process.pid for process in told}


def test_a_tree_that_is_gone_ends_at_once() -> None:
    mark = uuid.uuid4().hex
    gone = start(mark, "true")
    root = root_of(gone.pid, mark)
    gone.communicate()
    assert members(root) == []
    assert end_tree(root, 30.0, gone.poll).killed == 0
