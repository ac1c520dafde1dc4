"""The writer and the reader against a real server that keeps, loses and doubles records as it is told."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest

from battery.chaos.durability.accounting import account
from battery.chaos.durability.audit import audit
from battery.chaos.durability.reader import Reader
from battery.chaos.durability.token import Token
from battery.chaos.durability.writer import Writer
from battery.chaos.durability.written import Written
from battery.chaos.recovery.loop_thread import LoopThread
from battery.conversations import listening
from battery.errors import TargetUnreachable, UsageError
from battery.load.job import JobEndpoint
from battery.load.requests import Address, address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import DurableRead, DurableWrite, Endpoint, Target
from tests.unit.chaos.recovery.descriptors import no_free_descriptor

TOKEN = Token("run1")
WRITE = DurableWrite(path="/records", body='{"item": "{record}", "of": "{run}"}')
READ = DurableRead(path="/records?run={run}", items="records")
PAGED = DurableRead(path="/records?after={after}&limit=2", items="records", next="next")


class Store:
    """Keeps what is posted; `treat` says what becomes of the n-th request: its status, and how often it is kept."""

    def __init__(self, treat: Callable[[int], tuple[int, int]], cap: int = 10**6) -> None:
        self.items: list[str] = []
        self.keys: list[str] = []
        self.posted = 0
        self.port = 0
        self.broken = b""
        self._treat, self._cap = treat, cap

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in head.split("\r\n")[1:]}
        path = head.split(" ")[1]
        body = await reader.readexactly(int(fields.get("content-length", "0")))
        status, answer = self._post(body, fields) if head.startswith("POST") else (200, self._page(path))
        if status:
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(answer)) + answer)

    def _post(self, body: bytes, fields: dict[str, str]) -> tuple[int, bytes]:
        status, copies = self._treat(self.posted)
        self.posted += 1
        self.keys.append(fields.get("idempotency-key", ""))
        assert json.loads(body)["of"] == "run1"
        self.items += [json.loads(body)["item"]] * copies
        return status, b"{}"

    def _page(self, path: str) -> bytes:
        if self.broken:
            return self.broken
        if "after=" not in path:
            return msgspec.json.encode({"records": self.items[: self._cap]})
        after = int(path.partition("after=")[2].partition("&")[0])
        end = after + 2
        return msgspec.json.encode(
            {"records": self.items[after:end], "next": end if end < len(self.items) else None}
        )

    @property
    def place(self) -> Address:
        return address(f"http://127.0.0.1:{self.port}")

    def build(self, endpoint: Endpoint) -> JobEndpoint:
        definition = Definition(target=Target(url=f"http://127.0.0.1:{self.port}"), endpoint=(endpoint,))
        (built,) = endpoints_of(definition, {})
        return built


@contextmanager
def serving(
    treat: Callable[[int], tuple[int, int]] = lambda _: (201, 1), cap: int = 10**6
) -> Iterator[Store]:
    """A store in a thread."""
    store = Store(treat, cap)

    async def main(ready: Callable[[], None], stopping: asyncio.Event) -> None:
        async with listening(store.serve) as store.port:
            ready()
            await stopping.wait()

    thread = LoopThread("store", main)
    thread.start()
    try:
        yield store
    finally:
        thread.stop(10)


def wait_for(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never came to that")


def write(store: Store, count: int, declared: DurableWrite = WRITE) -> tuple[Writer, tuple[Written, ...]]:
    """At least so many records."""
    writer = Writer(store.place, store.build, declared, TOKEN, rate=100.0)
    with writer:
        wait_for(lambda: len(writer.written()) >= count)
    return writer, writer.stop()


def read(store: Store, declared: DurableRead = READ, limit: float = 30.0) -> Reader:
    return Reader(store.place, store.build, declared, TOKEN, limit=limit)


def test_every_record_is_written_acknowledged_and_read_again() -> None:
    with serving() as store:
        writer, written = write(store, 7)
        found, readings = audit(written, read(store), lambda: writer.more(3))
    assert len(readings) == 1
    assert found.acknowledged == found.kept == len(written) >= 7
    numbers = [record.number for record in written]
    assert numbers == sorted(set(numbers))
    assert all(record.due <= record.sent <= record.done for record in written)
    assert found.lost_or_doubled == 0
    assert len(written) + sum(writer.unsent().values()) > max(numbers)


def test_a_list_in_pages_is_read_to_its_end() -> None:
    with serving() as store:
        _, written = write(store, 7)
        found = read(store, PAGED).read()
    assert (found.problem, found.items) == ("", len(written))
    assert found.pages == (len(written) + 1) // 2
    assert account(written, found).lost_or_doubled == 0


def test_acknowledged_writes_that_are_dropped_or_doubled_are_found() -> None:
    with serving(lambda n: (201, {2: 0, 4: 2}.get(n, 1))) as store:
        writer, written = write(store, 7)
        kept = store.items.copy()
        found, readings = audit(written, read(store), lambda: writer.more(3))
    absent = {record.number for record in written} - {TOKEN.found(item)[0] for item in kept}
    assert len(readings) == 2
    assert found.lost == tuple(absent)
    assert len(found.doubled) == 1
    assert found.lost_or_doubled == 2


def test_a_list_that_is_cut_is_unknown_and_not_lost() -> None:
    with serving(cap=4) as store:
        writer, written = write(store, 7)
        found, _ = audit(written, read(store), lambda: writer.more(3))
    assert (found.kept, found.lost, found.lost_or_doubled) == (4, (), None)
    assert "it is cut at some length" in found.problem


def test_records_written_later_have_ids_of_their_own() -> None:
    with serving() as store:
        writer, written = write(store, 3)
        more, again = writer.more(2), writer.more(2)
        assert writer.written() == (*written, *more, *again)
    numbers = [record.number for record in (*written, *more, *again)]
    assert len(set(numbers)) == len(numbers)


def test_answers_that_acknowledge_nothing_are_told_apart() -> None:
    with serving(lambda n: {0: (201, 1), 1: (503, 0), 2: (0, 1)}.get(n, (202, 1))) as store:
        _, written = write(store, 5)
        found = account(written, read(store).read())
    outcomes = sorted((record.outcome, record.status, record.error) for record in written)[:4]
    assert outcomes[0] == ("acknowledged", 201, "")
    assert ("refused", 202, "") in outcomes
    assert any(record.outcome == "refused" and record.status == 503 for record in written)
    assert any(record.outcome == "unclear" and record.error == "reset" for record in written)
    assert all(record.attempts == 1 for record in written)
    assert (found.acknowledged, found.lost_or_doubled, len(found.unexpected)) == (1, 0, len(written) - 2)


def test_a_record_that_this_machine_could_not_send_is_nobody_s_loss() -> None:
    with serving() as store:
        writer = Writer(store.place, store.build, WRITE, TOKEN, rate=50.0)
        with writer:
            wait_for(lambda: len(writer.written()) >= 2)
            with no_free_descriptor():
                wait_for(lambda: "this machine had no free descriptor" in writer.unsent())
        assert account(writer.stop(), read(store).read()).lost_or_doubled == 0


def test_with_retry_a_write_is_sent_again_under_the_same_id() -> None:
    again = msgspec.structs.replace(WRITE, retry=True)
    with serving(lambda n: (503, 0) if n == 0 else (0, 1) if n == 1 else (201, 1)) as store:
        _, written = write(store, 4, again)
    assert all(record.outcome == "acknowledged" for record in written)
    assert sum(record.attempts - 1 for record in written) == 2
    assert len(set(store.keys)) == len(written) == len(store.keys) - 2
    assert set(store.keys) == {TOKEN.spelled(record.number) for record in written}


def test_a_key_of_the_user_s_own_is_kept() -> None:
    own = msgspec.structs.replace(WRITE, retry=True, headers={"idempotency-key": "k-{record}"})
    with serving() as store:
        write(store, 2, own)
    assert all(key.startswith("k-hbrun1x") for key in store.keys)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"<html>", "page 1 of the list of records: the answer is no JSON"),
        (b'{"records": 1}', "page 1 of the list of records: expected a list"),
        (b'{"records": [], "next": "0"}', "the cursor '0' came a second time: the list has no end"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(body: bytes, complaint: str) -> None:
    with serving() as store:
        store.broken = body
        assert complaint in read(store, PAGED).read().problem


def test_a_list_that_is_refused_or_not_answered_says_so() -> None:
    with serving() as store:
        port = store.port
        assert "page 1 of the list" in read(store, READ, limit=0.0).read().problem
    gone = Reader(address(f"http://127.0.0.1:{port}"), store.build, READ, TOKEN)
    assert gone.read().problem == "page 1 of the list of records: no answer (refused)"
    nowhere = Reader(address("http://nowhere.invalid"), store.build, READ, TOKEN)
    assert "cannot resolve nowhere.invalid" in nowhere.read().problem


def test_a_list_with_the_wrong_status_is_told_by_it() -> None:
    def build(endpoint: Endpoint) -> JobEndpoint:
        return msgspec.structs.replace(store.build(endpoint), status=(299,))

    with serving() as store:
        found = Reader(store.place, build, READ, TOKEN).read()
    assert "HTTP 200, expected 299" in found.problem


def test_a_request_that_cannot_be_built_is_told_before_the_start() -> None:
    with serving() as store, pytest.raises(UsageError):
        Writer(store.place, store.build, msgspec.structs.replace(WRITE, headers={"a b": "c"}), TOKEN)


def test_a_target_without_an_address_is_told_at_the_start() -> None:
    with serving() as store:
        writer = Writer(address("http://nowhere.invalid"), store.build, WRITE, TOKEN)
        with pytest.raises(TargetUnreachable):
            writer.start()
