"""The tap between real sockets."""

import asyncio
import math
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from battery.chaos.breaker.arrival import arrivals_of
from battery.chaos.breaker.ledger import Ledger
from battery.chaos.breaker.tap import Tap
from battery.chaos.breaker.visit import Journal, Turn, Visit
from battery.chaos.recovery.loop_thread import LoopThread
from battery.conversations import Talk, listening

RESET = struct.pack("ii", 1, 0)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Gives each line back, and a last word when the client has said its last."""
    while line := await reader.readline():
        writer.write(line)
    writer.write(b"bye\n")
    writer.close()


async def tear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Resets after the first line."""
    await reader.readline()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speaks first, and then never again."""
    writer.write(b"hello\n")
    await reader.read()
    writer.close()


@contextmanager
def dependency(serve: Talk) -> Iterator[int]:
    """A server in a thread; its port."""
    ports: list[int] = []

    async def main(ready: Callable[[], None], stopping: asyncio.Event) -> None:
        async with listening(serve) as port:
            ports.append(port)
            ready()
            await stopping.wait()

    thread = LoopThread("dependency", main)
    thread.start()
    try:
        yield ports[0]
    finally:
        thread.stop(10)


def refusing_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def ended(tap: Tap, wanted: int = 1) -> tuple[Visit, ...]:
    """The visits, once so many have ended."""
    for _ in range(3000):
        visits = tap.journal().visits
        if sum(visit.closed is not None for visit in visits) >= wanted:
            return visits
        threading.Event().wait(0.01)
    pytest.fail("the tap never saw the end")


def test_each_time_the_client_speaks_after_the_other_side_is_a_turn() -> None:
    with dependency(echo) as port, Tap("127.0.0.1", port) as tap:
        with socket.create_connection(("127.0.0.1", tap.port)) as client, client.makefile("rb") as answers:
            for line in (b"one\n", b"three\n"):
                client.sendall(line)
                assert answers.readline() == line
        (visit,) = ended(tap)
    assert [turn.sent for turn in visit.turns] == [4, 6]
    assert visit.turns[0].received == 4
    assert visit.turns[1].received >= 6, "it may have said its last word too"
    assert all(turn.answered is not None and turn.answered >= turn.at for turn in visit.turns)
    assert (visit.closed_by, visit.refused, visit.reset) == ("client", "", False)


def test_a_half_close_is_passed_on_and_loses_no_answer() -> None:
    with dependency(echo) as port, Tap("127.0.0.1", port) as tap:
        with socket.create_connection(("127.0.0.1", tap.port)) as client, client.makefile("rb") as answers:
            client.sendall(b"one\n")
            client.shutdown(socket.SHUT_WR)
            assert answers.read() == b"one\nbye\n"
        assert ended(tap)[0].closed_by == "client"


def test_much_data_passes_unchanged() -> None:
    sent = bytes(range(256)).replace(b"\n", b"\0") * 8192 + b"\n"

    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(-1))
        await writer.drain()
        writer.close()

    with dependency(whole) as port, Tap("127.0.0.1", port) as tap:
        with socket.create_connection(("127.0.0.1", tap.port)) as client, client.makefile("rb") as answers:

            def send() -> None:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)

            sender = threading.Thread(target=send)
            sender.start()
            assert answers.read() == sent
            sender.join()
        (visit,) = ended(tap)
    assert [turn.sent for turn in visit.turns] == [len(sent)]


def test_where_the_dependency_refuses_the_client_is_reset() -> None:
    with (
        Tap("127.0.0.1", refusing_port()) as tap,
        socket.create_connection(("127.0.0.1", tap.port)) as client,
    ):
        (visit,) = ended(tap)
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    assert (visit.refused, visit.closed_by, visit.reset) == ("Connection refused", "dependency", True)
    assert [arrival.ok for arrival in arrivals_of(Journal(visits=(visit,)), 0.0)] == [False]


def test_a_dependency_that_resets_is_passed_on_as_a_reset() -> None:
    with dependency(tear) as port, Tap("127.0.0.1", port) as tap:
        with socket.create_connection(("127.0.0.1", tap.port)) as client:
            client.sendall(b"one\n")
            with pytest.raises(ConnectionResetError):
                client.recv(1)
        (visit,) = ended(tap)
    assert (visit.closed_by, visit.reset) == ("dependency", True)
    assert [turn.answered for turn in visit.turns] == [None]


def test_a_client_that_resets_is_seen_to() -> None:
    with dependency(greet) as port, Tap("127.0.0.1", port) as tap:
        with socket.create_connection(("127.0.0.1", tap.port)) as client:
            assert client.recv(6) == b"hello\n"
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        (visit,) = ended(tap)
    assert (visit.closed_by, visit.reset) == ("client", True)
    assert visit.turns == (), "a greeting is nobody's request"


def test_the_tap_s_own_end_is_not_blamed_on_either_side() -> None:
    with dependency(greet) as port:
        tap = Tap("127.0.0.1", port)
        tap.start()
        with socket.create_connection(("127.0.0.1", tap.port)) as client:
            assert client.recv(6) == b"hello\n"
            (visit,) = tap.stop().visits
    assert visit.closed_by == "tap"


def test_a_dependency_whose_name_has_no_address_is_refused_in_words() -> None:
    with Tap("nowhere.invalid", 1) as tap, socket.create_connection(("127.0.0.1", tap.port)):
        (visit,) = ended(tap)
    assert visit.refused


def test_a_dependency_that_has_gone_takes_no_more() -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    with dependency(leave) as port, Tap("127.0.0.1", port) as tap:
        with socket.create_connection(("127.0.0.1", tap.port)) as client:
            assert client.recv(1) == b""
            with pytest.raises(OSError, match=r"reset|pipe"):
                flood(client)
        assert ended(tap)[0].closed_by == "dependency"


def flood(client: socket.socket) -> None:
    """Send until nobody takes it."""
    client.settimeout(30)
    while True:
        client.sendall(b"x" * 65536)


def test_a_taken_port_is_told_at_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        tap = Tap("127.0.0.1", 1, listen_port=taken.getsockname()[1])
        with pytest.raises(OSError, match="address already in use"):
            tap.start()


def test_what_is_beyond_the_bound_is_counted() -> None:
    ledger = Ledger(most=2)
    visits = [ledger.open() for _ in range(2)]
    visits[0].client_said(3)
    visits[0].dependency_said(1)
    ledger.open()
    journal = ledger.journal()
    assert (len(journal.visits), journal.dropped) == (2, 2)
    assert journal.visits[0].turns == ()


def test_arrivals_are_turns_and_connections_without_one() -> None:
    ledger = Ledger()
    spoke, silent, torn = ledger.open(), ledger.open(), ledger.open()
    for _ in range(2):
        spoke.client_said(1)
        spoke.dependency_said(1)
    spoke.client_said(1)
    silent.closed("client")
    torn.closed("dependency", reset=True)
    torn.closed("client")
    found = arrivals_of(ledger.journal(), 0.0)
    assert [arrival.ok for arrival in found].count(True) == 3
    assert len(found) == 5
    assert list(found) == sorted(found, key=lambda arrival: arrival.at)
    assert ledger.journal().visits[2].closed_by == "dependency"


def test_an_arrival_took_until_it_was_answered_refused_or_given_up() -> None:
    visits = (
        Visit(number=0, opened=10.0, refused="Connection refused", closed=10.25, reset=True),
        Visit(
            number=1,
            opened=10.0,
            turns=(Turn(at=11.0, sent=1, answered=11.5, received=1), Turn(at=12.0, sent=1)),
            closed=15.0,
            closed_by="client",
        ),
        Visit(number=2, opened=10.0, turns=(Turn(at=13.0, sent=1),)),
        Visit(number=3, opened=14.0),
    )
    found = arrivals_of(Journal(visits=visits), 10.0)
    assert [(each.at, each.ok, each.took, each.done) for each in found] == [
        (0.0, False, 0.25, 0.25),
        (1.0, True, 0.5, 1.5),
        (2.0, False, 3.0, 5.0),
        (3.0, False, math.inf, math.inf),
        (4.0, True, math.inf, math.inf),
    ]


@pytest.mark.parametrize(("closed", "ok", "took"), [(10.0, True, 3.0), (11.0, False, 1.0), (14.0, True, 3.0)])
def test_an_answer_to_a_client_that_has_hung_up_is_none(closed: float, ok: bool, took: float) -> None:
    turn = Turn(at=10.0, sent=1, answered=13.0, received=1)
    visit = Visit(number=0, opened=10.0, turns=(turn,), closed=closed, closed_by="client")
    (found,) = arrivals_of(Journal(visits=(visit,)), 0.0)
    assert (found.ok, found.took) == (ok, took)
