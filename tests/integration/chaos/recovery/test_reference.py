"""Durability of the reference target through its own pair of endpoints, with its process killed in between."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from battery.chaos.durability.audit import audit
from battery.chaos.durability.reader import Reader
from battery.chaos.durability.token import Token
from battery.chaos.durability.writer import Writer
from battery.chaos.recovery.request import Build
from battery.definitions.durability import check_durability
from battery.load.job import JobEndpoint
from battery.load.requests import address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Durability, DurableRead, DurableWrite, Endpoint, Target
from battery.reference.demo import ReferenceTarget

DECLARED = Durability(
    write=DurableWrite(path="/api/orders", body='{"item": "{record}", "quantity": 1, "unit_price_cents": 5}'),
    read=DurableRead(path="/api/orders?after={after}&limit=20", items="orders", next="next"),
)


def builder(url: str) -> Build:
    """How a check builds requests: as the load instrument does, with the target's headers."""
    definition = Definition(target=Target(url=url))

    def build(endpoint: Endpoint) -> JobEndpoint:
        (built,) = endpoints_of(msgspec.structs.replace(definition, endpoint=(endpoint,)), {})
        return built

    return build


def wait_for(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never came to that")


def writer_of(url: str, token: Token, write: DurableWrite = DECLARED.write) -> Writer:
    return Writer(address(url), builder(url), write, token, rate=50.0)


def test_the_reference_keeps_every_acknowledged_order_in_order(tmp_path: Path) -> None:
    check_durability(DECLARED)
    token = Token("it01")
    with ReferenceTarget(tmp_path / "target") as target:
        with writer_of(target.url, token) as writer:
            wait_for(lambda: len(writer.written()) >= 45)
        written = writer.stop()
        reader = Reader(address(target.url), builder(target.url), DECLARED.read, token)
        found, readings = audit(written, reader, lambda: writer.more(3))
    assert readings[0].pages > 2
    assert found.acknowledged == len(written)
    assert (found.lost, found.doubled, found.reordered, found.problem) == ((), (), (), "")


def test_what_was_acknowledged_before_a_stop_is_there_after_the_next_start(tmp_path: Path) -> None:
    token = Token("it02")
    with ReferenceTarget(tmp_path / "target") as target:
        writer = writer_of(target.url, token)
        writer.start()
        wait_for(lambda: len(writer.written()) >= 10)
    written = writer.stop()  # the target went away while it was being written to
    assert any(record.outcome == "acknowledged" for record in written)
    with ReferenceTarget(tmp_path / "target") as target:
        reader = Reader(address(target.url), builder(target.url), DECLARED.read, token)
        found, _ = audit(written, reader, lambda: ())
    assert (found.lost_or_doubled, found.problem) == (0, "")


def test_a_retried_order_is_there_once(tmp_path: Path) -> None:
    token = Token("it03")
    with ReferenceTarget(tmp_path / "target") as target:
        again = msgspec.structs.replace(DECLARED.write, retry=True)
        with writer_of(target.url, token, again) as writer:
            wait_for(lambda: len(writer.written()) >= 5)
        written = writer.stop()
        reader = Reader(address(target.url), builder(target.url), DECLARED.read, token)
        found, _ = audit(written, reader, lambda: writer.more(3))
    assert found.lost_or_doubled == 0
