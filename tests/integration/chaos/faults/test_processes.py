"""The faults that touch a process, on processes that the test started."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import psutil
import pytest

from battery.chaos.faults.descriptors import DescriptorExhaustion
from battery.chaos.faults.interface import FaultFailed
from battery.chaos.faults.kill import Kill
from battery.chaos.faults.pause import Pause
from battery.chaos.faults.terminate import Terminate
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import ProcessIdentity, identify, is_alive, is_stopped, send
from battery.chaos.undo.steps import RestoreLimit
from tests.integration.chaos.process.sleeper import family_of_two, sleeper
from tests.integration.chaos.process.waiting import wait_until


@pytest.mark.parametrize("kind", [Kill, Terminate])
def test_a_process_that_is_sent_its_end_is_seen_gone(kind: type[Kill]) -> None:
    with sleeper() as process:
        fault = kind(process)
        assert fault.obstacle() == ""
        assert fault.undo() == ()
        fault.inject()
        effect = fault.prove()
        assert effect.seen
        assert f"process {process.one.pid} was seen gone" in effect.meter
        assert fault.prove() == effect
        fault.remove()


@pytest.mark.parametrize("kind", [Kill, Terminate])
def test_the_wrong_process_is_not_touched_and_not_seen(kind: type[Kill]) -> None:
    with sleeper() as process:
        stranger = ProcessIdentity(pid=process.one.pid, create_time=process.one.create_time - 60)
        fault = kind(GivenProcess(identity=stranger, given="named by an old pid file"))
        assert "another process has its id by now" in fault.obstacle()
        fault.inject()
        effect = fault.prove()
        assert not effect.seen
        assert f"no {fault.number.name} was sent: another process has its id by now" in effect.meter
        fault.remove()
        assert is_alive(process.one)


def test_a_process_that_had_ended_before_is_not_seen() -> None:
    with sleeper() as process:
        send(process.one, signal.SIGKILL)
        wait_until(lambda: not is_alive(process.one), "ended")
        fault = Kill(process)
        fault.inject()
        assert "it had ended before" in fault.prove().meter
        fault.remove()


@pytest.mark.parametrize("kind", [Kill, Terminate, Pause, DescriptorExhaustion])
def test_a_process_that_is_not_known_to_serve_is_refused(kind: type[Kill]) -> None:
    with sleeper() as process:
        doubted = msgspec.structs.replace(process, doubt="it does not listen at port 80")
        assert kind(doubted).obstacle() == "it does not listen at port 80"


def test_what_ignores_sigterm_is_not_seen_gone() -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    fault = Terminate(GivenProcess(identity=identify(process.pid), given="a child"), grace=0.1)
    fault.inject()
    effect = fault.prove()
    fault.remove()
    process.kill()
    process.wait()
    process.stdout.close()
    assert not effect.seen
    assert "still runs" in effect.meter


def test_the_target_is_brought_back_once_when_the_fault_is_removed_or_its_time_is_up() -> None:
    revived = threading.Semaphore(0)
    with sleeper() as process:
        fault = Kill(process, limit=0.05, revive=revived.release)
        fault.remove()
        assert not revived.acquire(blocking=False), "nothing was killed, so nothing is brought back"
        fault.inject()
        assert revived.acquire(timeout=30)
        fault.remove()
        assert not revived.acquire(blocking=False)


def test_a_process_and_its_children_are_stopped_and_continued() -> None:
    with family_of_two() as (parent, child_pid):
        child = identify(child_pid)
        assert child is not None
        fault = Pause(parent)
        assert "and its 1 descendants with SIGSTOP" in fault.describe()
        fault.undo()
        fault.inject()
        effect = fault.prove()
        assert effect.seen
        assert effect.meter.startswith("2 of 2 processes of process ")
        assert is_stopped(parent.one)
        assert is_stopped(child)
        fault.remove()
        assert not is_stopped(parent.one)
        assert not is_stopped(child)
        assert not fault.prove().seen


def test_a_pause_ends_at_its_limit_though_nobody_removes_it() -> None:
    with sleeper() as process:
        fault = Pause(process, limit=0.05)
        fault.undo()
        fault.inject()
        assert fault._time_limit.reached.wait(30)
        wait_until(lambda: not is_stopped(process.one), "continued")
        assert fault.prove().meter.endswith("its limit of 0.05 s has ended it")


def test_a_process_that_ended_before_it_could_be_stopped_is_told() -> None:
    with sleeper() as process:
        fault = Pause(process)
        fault.undo()
        send(process.one, signal.SIGKILL)
        wait_until(lambda: not is_alive(process.one), "ended")
        with pytest.raises(FaultFailed, match="ended before it could be stopped"):
            fault.inject()
        fault.remove()
        starved = DescriptorExhaustion(process)
        assert starved.undo() == ()
        with pytest.raises(FaultFailed, match="has ended"):
            starved.inject()
        starved.remove()


HUNGRY = """
import os, sys
for line in sys.stdin:
    try:
        os.close(os.open("/", os.O_RDONLY)); print("opened", flush=True)
    except OSError as error:
        print(error.strerror, flush=True)
"""


def test_a_starved_process_cannot_open_and_can_again_afterwards() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HUNGRY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    stdin, stdout = process.stdin, process.stdout
    assert stdin
    assert stdout

    def ask() -> str:
        stdin.write("\n")
        stdin.flush()
        return stdout.readline().strip()

    fault = DescriptorExhaustion(GivenProcess(identity=identify(process.pid), given="a child"), headroom=0)
    assert ask() == "opened"
    assert fault.obstacle() == ""
    fault.undo()
    fault.inject()
    effect = fault.prove()
    starved = ask()
    fault.remove()
    fed = ask()
    stdin.close()
    process.wait()
    stdout.close()
    assert effect.seen
    assert f"process {process.pid}: limit 3 instead of " in effect.meter
    assert (starved, fed) == ("Too many open files", "opened")


GREETING = """
import asyncio
async def greet(reader, writer):
    while await reader.readline():
        writer.write(b"hello\\n")
    writer.close()
async def main():
    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@contextmanager
def greeting() -> Iterator[tuple[GivenProcess, int]]:
    """A server of a process of its own that answers each line; it, and its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", GREETING], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout
    try:
        yield (
            GivenProcess(identity=identify(process.pid), given="a child"),
            int(process.stdout.readline()),
        )
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def is_greeted(port: int, patience: float) -> bool:
    """Whether a user who comes now is served in time."""
    with socket.create_connection(("127.0.0.1", port), patience) as connection:
        connection.sendall(b"hi\n")
        try:
            return connection.recv(10) == b"hello\n"
        except OSError:
            return False


def test_idle_connections_take_what_is_left_and_are_let_go_when_the_fault_is_removed() -> None:
    with greeting() as (process, port):
        fault = DescriptorExhaustion(process, headroom=4, address=("127.0.0.1", port))
        (step,) = fault.undo()
        fault.inject()
        wait_until(lambda: fault.prove().seen, "the limit is met")
        server = psutil.Process(process.one.pid)
        held = [each for each in server.net_connections("tcp") if each.status == psutil.CONN_ESTABLISHED]
        met = (server.num_fds(), is_greeted(port, 0.5))
        fault.remove()
        assert isinstance(step, RestoreLimit)
        assert met == (step.lowered, False)
        assert len(held) == 4
        wait_until(lambda: is_greeted(port, 5.0), "it serves again")
        wait_until(lambda: not server.net_connections("tcp")[1:], "only its listener is left")
        assert not fault.prove().seen


def test_a_limit_that_nobody_meets_did_not_happen() -> None:
    with greeting() as (process, _), socket.create_server(("127.0.0.1", 0)) as elsewhere:
        fault = DescriptorExhaustion(process, address=("127.0.0.1", elsewhere.getsockname()[1]))
        fault.undo()
        fault.inject()
        effect = fault.prove()
        fault.remove()
    assert not effect.seen
    assert "instead of" in effect.meter, "the limit itself was lowered"


def test_children_that_inherited_the_lowered_limit_get_theirs_back() -> None:
    with family_of_two() as (parent, child_pid):
        child = psutil.Process(child_pid)
        before = child.rlimit(psutil.RLIMIT_NOFILE)
        fault = DescriptorExhaustion(parent)
        (step, *_) = fault.undo()
        fault._steps = fault._steps[:1]  # the child comes after the promise
        fault.inject()
        lowered = psutil.Process(parent.one.pid).rlimit(psutil.RLIMIT_NOFILE)
        child.rlimit(psutil.RLIMIT_NOFILE, lowered)
        fault.remove()
        assert child.rlimit(psutil.RLIMIT_NOFILE) == before
        assert step.lowered == lowered[0]  # type: ignore[union-attr]
