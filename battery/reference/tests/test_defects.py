"""Planted defects: each breaks what it says, and nothing without being asked to."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from battery.reference.defects import breaker_never_closes, breaker_never_opens, descriptor_leak
from battery.reference.defects.catalogue import NAMES, UnknownDefect, checked, chosen
from battery.reference.defects.degrading import delay_at
from battery.reference.defects.growing import growing
from battery.reference.defects.lost_writes import LosingStore
from battery.reference.defects.no_recovery import OUTAGE, StuckStore
from battery.reference.defects.planting import spoil_store
from battery.reference.dependency.address import Address
from battery.reference.dependency.breaker import THRESHOLD
from battery.reference.dependency.opening import open_link
from battery.reference.order import OrderDraft
from battery.reference.record import RecordDraft
from battery.reference.store.database import Database
from battery.reference.store.failure import StoreUnavailable

Call = Callable[..., httpx.Response]


def test_names_are_checked_and_the_nearest_is_suggested() -> None:
    assert chosen(["leak", "errors"]) == {"leak", "errors"}
    with pytest.raises(UnknownDefect, match=r"did you mean leak\?"):
        checked("leek")
    assert len(set(NAMES)) == len(NAMES)


def test_errors_fail_one_request_in_a_hundred(build: Callable[..., Call]) -> None:
    call = build("errors")
    statuses = [call("GET", "/api/echo").status_code for _ in range(60)]
    assert statuses.count(500) == 1
    assert call("GET", "/metrics").status_code == 200


def test_one_answer_in_a_hundred_is_another(build: Callable[..., Call]) -> None:
    call = build("wrong_answers")
    said = [call("GET", "/api/echo").text for _ in range(60)]
    assert [answer for answer in said if "please wait" in answer] == ['{"message":"please wait"}']


def test_one_answer_in_a_hundred_is_cut_off(build: Callable[..., Call]) -> None:
    call = build("cut_answers")
    announced = [call("GET", "/api/echo").headers.get("content-length") for _ in range(60)]
    assert announced.count("4096") == 1


def test_degrading_answers_take_longer_and_longer(build: Callable[..., Call]) -> None:
    assert build("degrading")("GET", "/api/echo").status_code == 200
    assert delay_at(100) > delay_at(0) > 0


def test_ready_lies_whatever_has_failed(build: Callable[..., Call], database: Database) -> None:
    call = build("ready_lies")
    for file in database.folder.iterdir():
        file.unlink()
    assert call("GET", "/api/health/ready").status_code == 200
    assert call("GET", "/api/health/status").status_code == 503


def test_doubled_writes_store_a_record_twice(tmp_path: Path, runner: asyncio.Runner) -> None:
    with closing(Database(tmp_path / "doubled", unique_records=False)) as below:
        store = spoil_store(below, ("doubled_writes",))
        for number in range(10):
            runner.run(store.keep(RecordDraft(str(number), "r")))
        assert len(runner.run(store.kept("r"))) == 11


def test_lost_writes_stand_in_memory_until_the_end(database: Database, runner: asyncio.Runner) -> None:
    store = LosingStore(database)
    for number in range(7):
        runner.run(store.keep(RecordDraft(str(number), "r")))
    assert runner.run(store.keep(RecordDraft("6", "r"))).replayed
    assert (len(runner.run(store.kept("r"))), len(runner.run(database.kept("r")))) == (7, 2)
    runner.run(store.finish())
    assert len(runner.run(database.kept("r"))) == 7


def test_what_does_not_recover_fails_after_its_first_outage(
    database: Database, runner: asyncio.Runner
) -> None:
    store = StuckStore(database)

    async def everything() -> list[object]:
        work = (
            *(
                store.place(OrderDraft("a", 1, 1), None, "now"),
                store.find(1),
                store.page(0, 1),
                store.remove(1),
            ),
            *(store.sales(), store.keep(RecordDraft("a", "r")), store.kept("r")),
            *(store.read_probe(), store.write_probe()),
        )
        return list(await asyncio.gather(*work, return_exceptions=True))

    assert not any(isinstance(end, Exception) for end in runner.run(everything()))
    file = database.folder / "orders.sqlite3"
    moved = file.rename(file.with_suffix(".moved"))
    for _ in range(OUTAGE):
        with pytest.raises(StoreUnavailable):
            runner.run(store.read_probe())
    moved.rename(file)
    with pytest.raises(StoreUnavailable, match="the database was lost"):
        runner.run(store.read_probe())
    assert (store.pools, store.folder, len(store.lanes)) == ((), database.folder, 3)


def test_prices_that_do_not_recover(build: Callable[..., Call]) -> None:
    call = build("no_recovery", link=open_link(Address("127.0.0.1", 1)))
    statuses = {call("GET", "/api/quote?item=bolt").status_code for _ in range(THRESHOLD + 2)}
    assert statuses == {503}
    assert build("no_recovery")("GET", "/api/quote?item=bolt").status_code == 200


@pytest.mark.parametrize("defect", ["breaker_never_opens", "breaker_never_closes", "pool_leak"])
def test_the_link_takes_the_defects_of_the_breaker_and_of_the_pool(defect: str) -> None:
    assert open_link(Address("127.0.0.1", 1), (defect,)).breaker


def test_a_breaker_that_never_opens_and_one_that_never_closes() -> None:
    never, for_ever = breaker_never_opens.breaker(), breaker_never_closes.breaker()
    for _ in range(2 * THRESHOLD):
        never.failed(never.admit())
    for _ in range(THRESHOLD):
        for_ever.failed(for_ever.admit())
    assert (never.state, for_ever.state, for_ever.seconds_left() > 1e6) == ("closed", "open", True)


def test_what_grows_grows_and_is_given_back_with_the_block() -> None:
    def leaked() -> int:
        return sum(thread.name == "leaked" for thread in threading.enumerate())

    with growing({"leak", "thread_leak", "descriptor_leak"}):
        until = time.monotonic() + 20
        while not leaked() and time.monotonic() < until:
            time.sleep(0.01)
        assert leaked()
    while leaked() and time.monotonic() < until:
        time.sleep(0.01)
    assert leaked() == 0


def test_a_process_without_descriptors_left_goes_on() -> None:
    files: list[int] = []
    growth = descriptor_leak.growth(files, "/there/is/no/such/file")
    growth._add()
    assert files == []
