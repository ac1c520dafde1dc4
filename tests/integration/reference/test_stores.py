"""Both stores give the same answers."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from battery.reference.order import OrderDraft
from battery.reference.record import RecordDraft
from battery.reference.store.failure import KeyConflict, StoreUnavailable
from battery.reference.store.interface import Store
from battery.reference.store.opening import open_store
from tests.fakes.reference_postgres import Postgres

BOLT, NUT = OrderDraft("bolt", 3, 20), OrderDraft("nut", 1, 5)
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.real("initdb"))]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.url()


@pytest.fixture
def store(url: str, tmp_path: Path, runner: asyncio.Runner) -> Iterator[Store]:
    with closing(open_store(tmp_path, url)) as store:
        yield store
        runner.run(store.finish())


def test_an_order_is_placed_found_and_removed(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        placed = await store.place(BOLT, None, "now")
        assert not placed.replayed
        assert await store.find(placed.order.id) == placed.order
        assert await store.remove(placed.order.id)
        assert not await store.remove(placed.order.id)
        assert await store.find(placed.order.id) is None

    runner.run(use())


def test_a_key_stands_for_one_order(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        first = await store.place(BOLT, "k", "now")
        retry = await store.place(BOLT, "k", "later")
        assert (retry.order, retry.replayed) == (first.order, True)
        with pytest.raises(KeyConflict):
            await store.place(NUT, "k", "later")
        assert len((await store.page(0, 10)).orders) == 1

    runner.run(use())


def test_many_retries_at_once_leave_one_order(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        placed = await asyncio.gather(*(store.place(BOLT, "k", "now") for _ in range(20)))
        assert {placement.order.id for placement in placed} == {placed[0].order.id}
        assert sum(not placement.replayed for placement in placed) == 1

    runner.run(use())


def test_pages_follow_each_other(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        ids = [(await store.place(BOLT, None, "now")).order.id for _ in range(3)]
        first = await store.page(0, 2)
        assert ([order.id for order in first.orders], first.next) == (ids[:2], ids[1])
        second = await store.page(ids[1], 2)
        assert ([order.id for order in second.orders], second.next) == (ids[2:], None)

    runner.run(use())


def test_the_report_adds_up(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        for draft in (NUT, BOLT, BOLT):
            await store.place(draft, None, "now")
        report = await store.sales()
        assert (report.orders, report.revenue_cents) == (3, 125)
        assert [(item.item, item.revenue_cents) for item in report.best_items] == [("bolt", 120), ("nut", 5)]
        assert len(report.prices) == 20
        assert report.prices[0].mean_cents == 1046.77
        assert report.prices[0].swing_cents == 62.14

    runner.run(use())


def test_records_are_kept_once_and_come_back_in_order(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        for number in (3, 1, 2):
            assert not (await store.keep(RecordDraft(str(number), "run"))).replayed
        keeping = await store.keep(RecordDraft("1", "run"))
        assert keeping.replayed
        await store.keep(RecordDraft("1", "another"))
        kept = await store.kept("run")
        assert [record.id for record in kept] == ["3", "1", "2"]
        assert [record.sequence for record in kept] == sorted(record.sequence for record in kept)
        assert keeping.record == kept[1]
        assert await store.kept("nothing") == []

    runner.run(use())


def test_many_writers_of_one_record_leave_one(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        draft = RecordDraft("1", "run")
        keepings = await asyncio.gather(*(store.keep(draft) for _ in range(20)))
        assert sum(not keeping.replayed for keeping in keepings) == 1
        assert len(await store.kept("run")) == 1

    runner.run(use())


def test_probes_read_and_write(store: Store, runner: asyncio.Runner) -> None:
    async def use() -> None:
        await store.read_probe()
        await store.write_probe()

    runner.run(use())


def test_without_a_unique_key_records_repeat(url: str, tmp_path: Path, runner: asyncio.Runner) -> None:
    async def use(store: Store) -> None:
        for _ in range(2):
            assert not (await store.keep(RecordDraft("1", "run"))).replayed
        assert [record.id for record in await store.kept("run")] == ["1", "1"]
        await store.finish()

    with closing(open_store(tmp_path, url, unique_records=False)) as store:
        runner.run(use(store))


@pytest.mark.real("initdb")
def test_a_database_of_another_version_is_refused(
    postgres: Postgres, tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def use(store: Store) -> None:
        await store.read_probe()
        await store.finish()

    postgres_url = postgres.url()
    with closing(open_store(tmp_path, postgres_url)) as store:
        runner.run(use(store))
    postgres.sql("UPDATE schema_version SET version = 99", postgres_url.rpartition("/")[2])
    with closing(open_store(tmp_path, postgres_url)) as store, pytest.raises(StoreUnavailable, match="99"):
        runner.run(use(store))
