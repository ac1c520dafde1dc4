"""The faults that work through a child of the battery."""

import asyncio
import importlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.order import Order
from battery.chaos.faults.amounts import MIB
from battery.chaos.faults.cpu import CpuPressure
from battery.chaos.faults.interface import Fault, FaultFailed
from battery.chaos.faults.load_burst import LoadBurst
from battery.chaos.faults.memory import MemoryPressure
from battery.chaos.faults.postgresql_connections import PostgresqlExhaustion
from battery.chaos.faults.tcp_connections import TcpExhaustion
from tests.fakes.postgres_server import PostgresServer
from tests.integration.chaos.process.waiting import wait_until


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


@contextmanager
def injected(fault: Fault) -> Iterator[set[int]]:
    """The fault while the block runs; its children's ids."""
    before = _children()
    assert fault.obstacle() == ""
    assert fault.undo()
    try:
        fault.inject()
        yield _children() - before
    finally:
        fault.remove()
    assert not fault.prove().seen or isinstance(fault, LoadBurst)
    assert _children() - before == set()


def test_memory_is_held_up_to_the_bound_by_whoever_the_kernel_ends_first() -> None:
    fault = MemoryPressure(most=48 * MIB, floor=0)
    with injected(fault) as children:
        effect = fault.prove()
        assert effect.seen
        assert effect.meter.startswith("48.0 MiB are held (")
        (child,) = children
        if Path("/proc/self/oom_score_adj").exists():
            assert Path(f"/proc/{child}/oom_score_adj").read_text() == "1000\n"


def test_memory_above_the_floor_only_is_taken() -> None:
    fault = MemoryPressure(most=256 * MIB, floor=0)
    fault._floor = 2**60  # as if others had taken it after the look
    fault.undo()
    fault.inject()
    effect = fault.prove()
    fault.remove()
    assert not effect.seen
    assert effect.meter.startswith("0.0 MiB are held")


def test_processors_are_burned_at_the_lowest_priority_and_no_more_than_asked_for() -> None:
    fault = CpuPressure(duty=0.3, cores=2)
    with injected(fault) as children:
        assert {psutil.Process(child).nice() for child in children} == {19}
        effect = fault.prove()
        assert effect.meter.startswith("2 of 2 children burn ")
        assert effect.meter.endswith("processors of 0.60 asked for")


def test_a_killed_agent_is_not_seen() -> None:
    fault = CpuPressure(duty=0.1, cores=1)
    with injected(fault) as children:
        (child,) = children
        psutil.Process(child).kill()
        wait_until(lambda: not fault.prove().seen, "it does not burn any more")


def test_an_agent_ends_at_its_own_limit_though_the_battery_never_says_so() -> None:
    agent = Agent("cpu", "the CPU agent")
    agent.start(Order(seconds=0.3, amounts={"duty": 0.1}))
    wait_until(lambda: not agent.alive, "ended by itself")
    agent.end()
    agent.end()
    assert agent.pid == 0


def test_the_limit_of_the_fault_ends_its_agent() -> None:
    fault = CpuPressure(duty=0.1, cores=1, limit=2)
    before = _children()
    fault.inject()
    assert fault._time_limit.reached.wait(60)
    assert _children() == before
    assert fault.prove().meter.endswith("its limit of 2 s has ended it")


def test_an_agent_that_cannot_work_says_why() -> None:
    agent = Agent("cpu", "the CPU agent")
    agent.start(Order(seconds=60))
    with pytest.raises(FaultFailed, match=r"the CPU agent ended with exit code 1: KeyError: 'duty'"):
        agent.hear("burned", 60)
    agent.end()


def test_an_agent_that_never_was_is_told() -> None:
    with pytest.raises(FaultFailed, match="does not run"):
        Agent("cpu", "the CPU agent").hear("burned", 1)


def test_without_an_interpreter_there_is_no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(FaultFailed, match="the CPU agent cannot be started: No such file"):
        Agent("cpu", "the CPU agent").start(Order(seconds=1))


def test_an_agent_that_is_silent_has_said_nothing() -> None:
    agent = Agent("cpu", "the CPU agent")
    agent.start(Order(seconds=60, amounts={"duty": 0.1}))
    assert agent.hear("another word", 0.05) is None
    agent.end()


def test_connections_are_held_and_each_that_is_closed_is_opened_again() -> None:
    accepted: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        stopping = threading.Thread(target=_accept, args=(server, accepted))
        stopping.start()
        fault = TcpExhaustion("127.0.0.1", server.getsockname()[1], connections=20)
        with injected(fault):
            effect = fault.prove()
            assert effect.seen
            assert effect.meter.startswith("20 of 20 connections")
            wait_until(lambda: len(accepted) == 20, "all are accepted")
            accepted[0].close()
            wait_until(lambda: len(accepted) == 21, "its place is taken again")
            wait_until(lambda: fault.prove().meter.endswith("1 closed by the other side"), "it was counted")
        server.shutdown(socket.SHUT_RDWR)
        stopping.join()
    for connection in accepted:
        connection.close()


def _accept(server: socket.socket, accepted: list[socket.socket]) -> None:
    while True:
        try:
            accepted.append(server.accept()[0])
        except OSError:
            return


def test_a_port_at_which_nobody_listens_is_not_exhausted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    fault = TcpExhaustion("127.0.0.1", port, connections=5, patience=0.5)
    with injected(fault):
        effect = fault.prove()
        assert not effect.seen
        assert effect.meter.startswith("0 of 5 connections")


@pytest.mark.real("postgres")
@pytest.mark.parametrize(
    ("role", "held"), [("app", "17 connections are held of 17"), ("super", "17 connections")]
)
def test_postgresql_has_no_connection_left_for_ordinary_users(
    role: str, held: str, postgres: PostgresServer
) -> None:
    dsn = postgres.dsn if role == "app" else postgres.superuser_dsn
    fault = PostgresqlExhaustion(dsn)
    with injected(fault):
        effect = fault.prove()
        assert effect.seen, effect.meter
        assert effect.meter.startswith(held)
    wait_until(lambda: _free(postgres), "the server has its connections back")


def _free(postgres: PostgresServer) -> bool:
    # By name: it ships no types.
    asyncpg = importlib.import_module("asyncpg")

    async def connect() -> None:
        connection = await asyncpg.connect(postgres.dsn, timeout=10)
        await connection.close()

    try:
        asyncio.run(connect())
    except asyncpg.PostgresError:
        return False
    return True


@pytest.mark.real("postgres")
def test_no_more_than_the_bound_is_held(postgres: PostgresServer) -> None:
    fault = PostgresqlExhaustion(postgres.dsn, most=3, patience=0.5)
    with injected(fault):
        effect = fault.prove()
        assert not effect.seen
        assert effect.meter.startswith("3 connections are held of 17")


def test_a_server_that_cannot_be_reached_is_told_without_the_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    fault = PostgresqlExhaustion(f"postgresql://app:hunter2@127.0.0.1:{port}/app")
    with pytest.raises(FaultFailed, match="the PostgreSQL agent: ") as caught:
        fault.inject()
    fault.remove()
    assert "hunter2" not in str(caught.value)


def test_a_burst_loads_from_every_connection_and_is_bounded_in_count(quick: int) -> None:
    fault = LoadBurst(f"http://127.0.0.1:{quick}/a?b=c", connections=8, seconds=50, requests=500, limit=60)
    with injected(fault):
        assert fault.prove().seen
        wait_until(
            lambda: "500 requests sent, 500 answered (2xx 500), 0 failed" in fault.prove().meter,
            "all are sent",
        )
    assert "500 requests sent" in fault.prove().meter, "the counts stay"


def test_a_burst_is_bounded_in_time(quick: int) -> None:
    fault = LoadBurst(f"http://127.0.0.1:{quick}/", connections=2, seconds=0.3)
    with injected(fault):
        wait_until(lambda: fault._read() is not None and fault._last.finished, "finished")  # type: ignore[union-attr]
        assert fault.prove().seen


def test_a_burst_that_nobody_answers_is_not_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    fault = LoadBurst(f"http://127.0.0.1:{port}/", connections=2, seconds=50, requests=10)
    with injected(fault):
        wait_until(
            lambda: "10 requests sent, 0 answered, 10 failed" in fault.prove().meter, "all have failed"
        )
        assert not fault.prove().seen


ANSWERS = {
    b"/close": b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    b"/until-the-end": b"HTTP/1.1 200 OK\r\n\r\nas long as it lasts",
    b"/nonsense": b"SSH-2.0-nonsense\r\n\r\n",
    b"/nothing": b"",
}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/close", "4 requests sent, 4 answered (5xx 4), 0 failed"),
        ("/until-the-end", "4 requests sent, 4 answered (2xx 4), 0 failed"),
        ("/nonsense", "4 requests sent, 0 answered, 4 failed"),
        ("/nothing", "4 requests sent, 0 answered, 4 failed"),
    ],
)
def test_each_kind_of_answer_is_counted_as_what_it_is(path: str, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=_answer, args=(server,))
        answering.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}{path}"
        fault = LoadBurst(url, connections=1, seconds=50, requests=4, headers={"X-Test": "1"})
        with injected(fault):
            wait_until(lambda: words in fault.prove().meter, words)
        server.shutdown(socket.SHUT_RDWR)
        answering.join()


def _answer(server: socket.socket) -> None:
    """One answer a connection, by the path that is asked for."""
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            request = connection.recv(65536)
            assert b"\r\nX-Test: 1\r\n" in request
            connection.sendall(ANSWERS[request.split(b" ")[1]])


def test_the_child_of_a_fault_lives_in_a_session_of_its_own(quick: int) -> None:
    fault = TcpExhaustion("localhost", quick, connections=1)
    with injected(fault) as children:
        assert {os.getsid(child) for child in children} == children
