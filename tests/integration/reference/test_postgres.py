"""The service over PostgreSQL, and PostgreSQL in trouble."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from battery.reference.demo import ReferenceTarget
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.opening import open_store
from battery.reference.store.postgres.store import POOL_SIZE
from tests.fakes.reference_postgres import Postgres
from tests.fakes.reference_proxy import Proxy
from tests.integration.reference.waiting import metric, ready, until

pytestmark = pytest.mark.real("initdb")
ORDER = {"item": "bolt", "quantity": 1, "unit_price_cents": 2}


@pytest.fixture
def proxy(postgres: Postgres) -> Iterator[Proxy]:
    with Proxy(postgres.port) as proxy:
        yield proxy


@pytest.fixture
def target(tmp_path: Path, postgres: Postgres, proxy: Proxy) -> Iterator[ReferenceTarget]:
    environment = {"DATABASE_URL": postgres.url(proxy.port)}
    with ReferenceTarget(tmp_path / "target", environment=environment) as target:
        yield target


def _keeps(client: httpx.Client, number: int, run: str = "r") -> bool:
    """Whether a record was acknowledged; a refusal says when to come back."""
    answer = client.post("/api/records", json={"id": str(number), "run": run})
    assert answer.status_code in (201, 503)
    assert answer.status_code == 201 or answer.headers["retry-after"]
    return answer.status_code == 201


def _kept(client: httpx.Client, run: str = "r") -> list[str]:
    return [record["id"] for record in client.get("/api/records", params={"run": run}).json()["records"]]


def test_it_serves_from_postgresql_and_keeps_no_order_in_a_file(
    client: httpx.Client, target: ReferenceTarget
) -> None:
    assert client.post("/api/orders", json=ORDER).status_code == 201
    assert client.get("/api/report").json()["orders"] == 1
    assert list((target.folder / "data").glob("orders*")) == []
    assert metric(client, 'pool_size{pool="postgresql"}') == POOL_SIZE
    assert metric(client, 'store_lane_capacity{lane="postgresql"}') > POOL_SIZE


def test_the_pool_is_never_larger_than_its_size(client: httpx.Client, postgres: Postgres) -> None:
    name = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'battery-reference'"
    for number in range(POOL_SIZE * 3):
        _keeps(client, number)
    assert 1 <= int(postgres.sql(name)) <= POOL_SIZE


def test_cut_connections_cost_no_acknowledged_record(
    client: httpx.Client, proxy: Proxy, postgres: Postgres
) -> None:
    acknowledged = []
    for number in range(60):
        if number % 20 == 10:
            postgres.cut()
        if _keeps(client, number):
            acknowledged.append(str(number))
    until(lambda: ready(str(client.base_url)))
    kept = _kept(client)
    assert set(acknowledged) <= set(kept)
    assert len(set(kept)) == len(kept)
    assert kept == sorted(kept, key=int)
    # Each cut costs the requests that meet it and no more.
    assert len(acknowledged) >= 60 - 3 * POOL_SIZE


@pytest.mark.parametrize("fault", ["cut", "hang"])
def test_an_unreachable_database_fails_ready_but_not_live_and_comes_back(
    client: httpx.Client, proxy: Proxy, fault: str
) -> None:
    assert _keeps(client, 1)
    (proxy.cut if fault == "cut" else proxy.hang)()
    assert not _keeps(client, 2)
    assert not ready(str(client.base_url))
    assert client.get("/api/health/live").status_code == 200
    assert client.get("/api/orders").status_code == 503
    proxy.mend()
    until(lambda: ready(str(client.base_url)))
    until(lambda: _keeps(client, 2))
    assert _kept(client) == ["1", "2"]


def test_a_service_starts_without_its_database_and_is_ready_once_it_is_there(
    tmp_path: Path, postgres: Postgres, proxy: Proxy
) -> None:
    environment = {"DATABASE_URL": postgres.url(proxy.port)}
    proxy.cut()
    target = ReferenceTarget(tmp_path, environment=environment)
    target.folder.mkdir(exist_ok=True)
    target._child = target._start()
    try:
        until(lambda: (tmp_path / "port").exists())
        url = f"http://127.0.0.1:{(tmp_path / 'port').read_text().strip()}"
        assert not ready(url)
        proxy.mend()
        until(lambda: ready(url))
    finally:
        target.__exit__(None, None, None)


def test_a_server_that_crashes_loses_nothing_that_was_acknowledged(
    client: httpx.Client, postgres: Postgres
) -> None:
    for number in range(10):
        assert _keeps(client, number)
    postgres.stop()
    assert not _keeps(client, 10)
    postgres.start()
    until(lambda: _keeps(client, 10))
    assert _kept(client) == [str(number) for number in range(11)]


def test_a_server_without_a_free_connection_is_an_outage_that_ends(
    client: httpx.Client, target: ReferenceTarget, proxy: Proxy, postgres: Postgres
) -> None:
    assert _keeps(client, 1)
    with postgres.exhausted(target.environment["DATABASE_URL"]):
        # Only now does the service lose its own.
        proxy.cut()
        proxy.mend()
        until(lambda: not ready(str(client.base_url)))
        assert not _keeps(client, 2)
    until(lambda: ready(str(client.base_url)))
    assert _keeps(client, 2)


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://[x/y"])
def test_an_address_that_is_none_is_refused_without_being_shown(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreUnavailable, match="DATABASE_URL"):
        open_store(tmp_path, url)
