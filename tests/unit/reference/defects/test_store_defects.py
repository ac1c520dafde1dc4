"""Defects of the store."""

import asyncio
from pathlib import Path

import pytest

from battery.reference.defects.doubled_writes import DoublingStore
from battery.reference.defects.lost_writes import HELD_BACK, LosingStore
from battery.reference.defects.no_recovery import OUTAGE, StuckPrices, StuckStore
from battery.reference.defects.planting import spoil_link, spoil_store
from battery.reference.dependency.failure import BreakerOpen, DependencyFailure
from battery.reference.dependency.link import own_link
from battery.reference.dependency.prices import OwnPrices, Price
from battery.reference.order import OrderDraft
from battery.reference.record import RecordDraft
from battery.reference.store.database import Database
from battery.reference.store.failure import StoreBusy, StoreFailure, StoreUnavailable
from battery.reference.store.interface import Store

BOLT = OrderDraft("bolt", 1, 2)


async def _everything(store: Store) -> None:
    """Ask for all that a store can do."""
    placed = await store.place(BOLT, None, "now")
    assert await store.find(placed.order.id) == placed.order
    assert (await store.page(0, 10)).orders == [placed.order]
    assert (await store.sales()).orders == 1
    assert await store.remove(placed.order.id)
    await store.keep(RecordDraft("1", "r"))
    assert len(await store.kept("r")) == 1
    await store.read_probe()
    await store.write_probe()
    assert store.folder.is_dir()
    assert len(store.lanes) == 3
    assert store.pools == ()


@pytest.mark.parametrize("defect", ["lost_writes", "doubled_writes", "no_recovery"])
def test_a_spoilt_store_serves_like_any_other_until_its_defect_shows(
    database: Database, runner: asyncio.Runner, defect: str
) -> None:
    store = spoil_store(database, (defect,))
    assert store is not database
    runner.run(_everything(store))
    runner.run(store.finish())
    store.close()


def test_without_a_defect_nothing_is_changed(database: Database) -> None:
    assert spoil_store(database, ("errors",)) is database
    link = own_link()
    assert spoil_link(link, ("errors",)) is link
    assert isinstance(spoil_link(link, ("no_recovery",)).prices, StuckPrices)


def test_the_newest_records_stand_in_memory_only(database: Database, runner: asyncio.Runner) -> None:
    async def use() -> None:
        losing = LosingStore(database)
        for number in range(HELD_BACK + 2):
            assert not (await losing.keep(RecordDraft(str(number), "r"))).replayed
        newest = str(HELD_BACK + 1)
        assert (await losing.keep(RecordDraft(newest, "r"))).replayed
        assert [record.id for record in await database.kept("r")] == ["0", "1"]
        assert len(await losing.kept("r")) == HELD_BACK + 2
        assert await losing.kept("another") == []
        await losing.finish()
        assert len(await database.kept("r")) == HELD_BACK + 2

    runner.run(use())


def test_a_held_record_that_cannot_be_written_is_lost(database: Database, runner: asyncio.Runner) -> None:
    async def use() -> None:
        losing = LosingStore(database)
        database.write.capacity = 0
        for number in range(HELD_BACK + 1):
            await losing.keep(RecordDraft(str(number), "r"))
        assert len(await losing.kept("r")) == HELD_BACK

    runner.run(use())


def test_doubling_needs_a_store_that_does_not_mind(database: Database, runner: asyncio.Runner) -> None:
    async def use() -> None:
        doubling = DoublingStore(database)
        for number in range(10):
            await doubling.keep(RecordDraft(str(number), "r"))
        assert len(await database.kept("r")) == 10

    runner.run(use())


class _Sick(Database):
    """A database whose probe fails as it is told to."""

    error: StoreFailure | None = None

    async def read_probe(self) -> None:
        if self.error:
            raise self.error


def test_a_row_of_failures_is_never_got_over_and_less_is(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def use() -> None:
        await _fails(StoreUnavailable("away"), OUTAGE - 1)
        await stuck.read_probe()
        await _fails(StoreBusy("crowded"), 10)
        await stuck.read_probe()
        await _fails(StoreUnavailable("away"), OUTAGE)
        with pytest.raises(StoreUnavailable, match="was lost"):
            await stuck.read_probe()

    async def _fails(error: StoreFailure, times: int) -> None:
        sick.error = error
        for _ in range(times):
            with pytest.raises(type(error)):
                await stuck.read_probe()
        sick.error = None

    sick = _Sick(tmp_path)
    stuck = StuckStore(sick)
    runner.run(use())
    sick.close()


class _Shaky(OwnPrices):
    """Prices that fail as they are told to."""

    error: Exception | None = None

    async def price(self, item: str) -> Price:
        if self.error:
            raise self.error
        return await super().price(item)


def test_an_open_breaker_is_never_got_over_and_a_failure_is(runner: asyncio.Runner) -> None:
    async def use() -> None:
        shaky = _Shaky()
        stuck = StuckPrices(shaky)
        for error, kind in (
            (DependencyFailure("once"), DependencyFailure),
            (BreakerOpen("open"), BreakerOpen),
        ):
            await stuck.price("bolt")
            await stuck.companions("bolt")
            await stuck.ping()
            shaky.error = error
            with pytest.raises(kind):
                await stuck.price("bolt")
            shaky.error = None
        with pytest.raises(DependencyFailure, match="was lost"):
            await stuck.ping()

    runner.run(use())
