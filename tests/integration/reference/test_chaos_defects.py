"""Each planted chaos defect shows in its scenario; the healthy service passes the same one."""

import http.client
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import psutil
import pytest

from battery.reference.demo import ReferenceTarget
from battery.reference.demo_dependency import ReferenceDependency
from battery.reference.dependency.client import POOL_SIZE
from battery.reference.store.postgres.store import POOL_SIZE as STORE_POOL_SIZE
from tests.fakes.reference_postgres import Postgres
from tests.fakes.reference_proxy import Proxy
from tests.integration.reference.waiting import metric, ready, until

QUOTE = "/api/quote?item=bolt"
Start = Callable[..., ReferenceTarget]


@pytest.fixture
def proxy(dependency: ReferenceDependency) -> Iterator[Proxy]:
    with Proxy(dependency.port) as proxy:
        yield proxy


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(*defects: str, supervised: bool = False, **environment: str) -> ReferenceTarget:
            target = ReferenceTarget(
                tmp_path / "target", defects=defects, supervised=supervised, environment=environment
            )
            return stack.enter_context(target)

        yield started


def _state(target: ReferenceTarget) -> str:
    state: str = httpx.get(f"{target.url}/api/health/status").json()["state"]["breaker"]
    return state


def _quotes(target: ReferenceTarget, number: int) -> list[int]:
    with httpx.Client(base_url=target.url, timeout=10) as client:
        return [client.get(QUOTE).status_code for _ in range(number)]


def test_no_recovery_after_an_outage_of_the_dependency(start: Start, proxy: Proxy) -> None:
    target = start("no_recovery", DEPENDENCY_ADDRESS=proxy.address)
    assert _quotes(target, 1) == [200]
    proxy.cut()
    until(lambda: _quotes(target, 1) == [503] and _state(target) == "open")
    _quotes(target, 1)
    proxy.mend()
    until(lambda: _state(target) == "closed")
    assert _quotes(target, 3) == [503] * 3
    assert not ready(target.url)


def test_no_recovery_after_an_outage_of_the_database(start: Start) -> None:
    target = start("no_recovery")
    file = target.folder / "data" / "orders.sqlite3"
    away = file.with_name("away")
    file.rename(away)
    for _ in range(3):
        assert not ready(target.url)
    away.rename(file)
    assert not ready(target.url)
    assert httpx.get(f"{target.url}/api/orders").status_code == 503


def test_a_breaker_that_never_opens_asks_every_time(start: Start, proxy: Proxy) -> None:
    target = start("breaker_never_opens", DEPENDENCY_ADDRESS=proxy.address)
    proxy.cut()
    accepted = proxy.accepted
    assert _quotes(target, 30) == [503] * 30
    assert _state(target) == "closed"
    assert proxy.accepted - accepted >= 25
    proxy.mend()
    until(lambda: _quotes(target, 1) == [200] and ready(target.url))


def test_a_breaker_that_never_closes_refuses_for_ever(start: Start, proxy: Proxy) -> None:
    target = start("breaker_never_closes", DEPENDENCY_ADDRESS=proxy.address)
    proxy.cut()
    until(lambda: _quotes(target, 1) == [503] and _state(target) == "open")
    proxy.mend()
    accepted = proxy.accepted
    assert _quotes(target, 20) == [503] * 20
    assert (_state(target), proxy.accepted) == ("open", accepted)
    assert not ready(target.url)


def test_a_leaky_pool_runs_dry(start: Start, proxy: Proxy) -> None:
    # Without a breaker in the way each call meets the outage.
    target = start("pool_leak", "breaker_never_opens", DEPENDENCY_ADDRESS=proxy.address)
    proxy.cut()
    _quotes(target, POOL_SIZE)
    proxy.mend()
    assert _quotes(target, 3) == [503] * 3
    with httpx.Client(base_url=target.url) as client:
        assert metric(client, 'pool_connections{pool="dependency",state="in_use"}') == POOL_SIZE
        assert metric(client, 'pool_timeouts_total{pool="dependency"}') >= 3


def _records(target: ReferenceTarget) -> list[str]:
    kept = httpx.get(f"{target.url}/api/records?run=r", timeout=30).json()["records"]
    return [record["id"] for record in kept]


def _write(target: ReferenceTarget, numbers: range) -> list[str]:
    with httpx.Client(base_url=target.url) as client:
        for number in numbers:
            assert client.post("/api/records", json={"id": str(number), "run": "r"}).status_code == 201
    return [str(number) for number in numbers]


@pytest.mark.parametrize(("defects", "lost"), [((), 0), (("lost_writes",), 5)])
def test_a_kill_loses_what_was_not_durable(start: Start, defects: tuple[str, ...], lost: int) -> None:
    target = start(*defects, supervised=True)
    acknowledged = _write(target, range(20))
    assert _records(target) == acknowledged
    killed = target.worker_pid
    os.kill(killed, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(killed))
    assert _records(target) == acknowledged[: len(acknowledged) - lost]


def test_a_gentle_end_of_a_service_that_loses_writes_hides_it(start: Start) -> None:
    target = start("lost_writes", supervised=True)
    acknowledged = _write(target, range(20))
    before = target.worker_pid
    os.kill(before, signal.SIGTERM)
    until(lambda: not psutil.pid_exists(before))
    assert _records(target) == acknowledged


def test_doubled_writes_stand_twice(start: Start) -> None:
    target = start("doubled_writes")
    acknowledged = _write(target, range(20))
    assert _write(target, range(1)) == ["0"]
    records = _records(target)
    assert set(records) == set(acknowledged)
    assert [records.count(number) for number in ("0", "1", "9", "19")] == [2, 1, 2, 2]


def test_ready_lies_while_the_database_is_away(start: Start) -> None:
    target = start("ready_lies")
    (target.folder / "data" / "orders.sqlite3").rename(target.folder / "away")
    assert ready(target.url)
    assert httpx.get(f"{target.url}/api/orders").status_code == 503
    assert httpx.get(f"{target.url}/api/health/status").status_code == 503


BODY = b'{"item": "bolt", "quantity": 1, "unit_price_cents": 2}'


@pytest.mark.parametrize("defects", [(), ("shutdown_drops",)])
def test_a_shutdown_that_drops_leaves_a_request_in_flight_unanswered(
    start: Start, defects: tuple[str, ...]
) -> None:
    target = start(*defects)
    port = int(target.url.rpartition(":")[2])
    with (
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection,
        httpx.Client(base_url=target.url) as client,
    ):
        connection.putrequest("POST", "/api/orders")
        connection.putheader("content-type", "application/json")
        connection.putheader("content-length", str(len(BODY)))
        connection.endheaders(BODY[:20])
        until(lambda: metric(client, "http_requests_in_progress") == 2)
        os.kill(target.pid, signal.SIGTERM)
        if defects:
            with pytest.raises((http.client.HTTPException, OSError)):
                _finish(connection)
        else:
            assert _finish(connection) == 201


def _finish(connection: http.client.HTTPConnection) -> int:
    connection.send(BODY[20:])
    with connection.getresponse() as answer:
        return answer.status


@pytest.mark.real("initdb")
@pytest.mark.parametrize(
    ("defects", "expected"),
    [
        ((), [str(number) for number in range(20)]),
        (("lost_writes",), [str(number) for number in range(15)]),
        (("doubled_writes",), [*map(str, range(10)), "9", *map(str, range(10, 20)), "19"]),
    ],
)
def test_the_store_defects_show_over_postgresql_too(
    start: Start, postgres: Postgres, defects: tuple[str, ...], expected: list[str]
) -> None:
    target = start(*defects, supervised=True, DATABASE_URL=postgres.url())
    _write(target, range(20))
    killed = target.worker_pid
    os.kill(killed, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(killed))
    assert _records(target) == expected


@pytest.mark.real("initdb")
@pytest.mark.parametrize(("defects", "recovers"), [((), True), (("pool_leak",), False)])
def test_a_leaky_pool_never_gets_over_an_outage_of_postgresql(
    start: Start, postgres: Postgres, defects: tuple[str, ...], recovers: bool
) -> None:
    with Proxy(postgres.port) as database:
        target = start(*defects, DATABASE_URL=postgres.url(database.port))
        database.cut()
        for _ in range(STORE_POOL_SIZE):
            assert httpx.get(f"{target.url}/api/orders", timeout=30).status_code == 503
        database.mend()
        if recovers:
            until(lambda: ready(target.url))
        else:
            assert not ready(target.url)
            assert httpx.get(f"{target.url}/api/orders", timeout=30).status_code == 503
