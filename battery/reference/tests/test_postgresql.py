"""The PostgreSQL store, over a server that is none: what it asks, and what it makes of each failure."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from battery.reference.app import build_app
from battery.reference.store.failure import StoreFull, StoreUnavailable
from battery.reference.store.interface import Store
from battery.reference.store.opening import open_store
from battery.reference.tests.fakes.postgresql import DiskFullError, PostgresError, Server
from battery.reference.tests.waiting import until

Call = Callable[..., httpx.Response]
ORDER = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}
URL = "postgresql://app@127.0.0.1:5432/shop"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    with closing(server.database):
        monkeypatch.setitem(sys.modules, "asyncpg", server.module())
        for name in [name for name in sys.modules if name.startswith("battery.reference.store.postgres")]:
            monkeypatch.delitem(sys.modules, name)
        yield server


@pytest.fixture
def store(server: Server, tmp_path: Path, runner: asyncio.Runner) -> Iterator[Store]:
    store = open_store(tmp_path / "data", URL)
    assert server.opened == 0, "a service may start before its database"
    yield store
    runner.run(store.finish())
    store.close()


def test_orders_records_and_the_report_are_the_same_as_in_sqlite(
    store: Store, caller: Callable[..., Call], server: Server
) -> None:
    call = caller(build_app(store))
    key = {"idempotency-key": "k"}
    first, again = (call("POST", "/api/orders", json=ORDER, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert call("POST", "/api/orders", json={**ORDER, "quantity": 1}, headers=key).status_code == 409
    where = call("POST", "/api/orders", json=ORDER).headers["location"]
    assert call("GET", where).json()["item"] == "bolt"
    assert [len(call("GET", "/api/orders?limit=1").json()["orders"])] == [1]
    assert call("DELETE", where).status_code == 204
    assert call("DELETE", where).status_code == call("GET", where).status_code == 404
    kept = [call("POST", "/api/records", json={"id": "a", "run": "r"}).json() for _ in range(2)]
    assert call("GET", "/api/records?run=r").json()["records"] == kept[:1] == kept[1:]
    assert call("GET", "/api/report").json()["revenue_cents"] == 60
    until(lambda: call("GET", "/api/health/ready").status_code == 200)
    assert 'pool_size{pool="postgresql"} 8' in call("GET", "/metrics").text
    assert server.opened >= 1


@pytest.mark.parametrize(
    ("trouble", "kind", "text"),
    [
        (DiskFullError("no room"), StoreFull, "no room"),
        (PostgresError("gone"), StoreUnavailable, "gone"),
        (TimeoutError(), StoreUnavailable, "did not answer in time"),
        (OSError(), StoreUnavailable, "OSError"),
    ],
)
def test_each_failure_of_the_server_is_one_of_the_store(
    store: Store, server: Server, runner: asyncio.Runner, trouble: Exception, kind: type[Exception], text: str
) -> None:
    runner.run(store.read_probe())
    server.trouble = trouble
    with pytest.raises(kind, match=text):
        runner.run(store.write_probe())
    runner.run(store.write_probe())


def test_a_database_of_another_version_is_refused(
    store: Store, server: Server, runner: asyncio.Runner
) -> None:
    server.database.execute("CREATE TABLE schema_version (version integer)")
    server.database.execute("INSERT INTO schema_version VALUES (99)")
    server.database.create_function("to_regclass", 1, lambda _: 1)
    with pytest.raises(StoreUnavailable, match="schema 99"):
        runner.run(store.find(1))


def test_without_the_driver_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(StoreUnavailable, match="pip install"):
        open_store(tmp_path, URL)
