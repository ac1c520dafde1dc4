"""The service in this process over a database of its own, and one that runs as it does in earnest."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from battery.reference.app import build_app
from battery.reference.body import BodyLimits
from battery.reference.demo import ReferenceTarget
from battery.reference.demo_dependency import ReferenceDependency
from battery.reference.dependency.link import DependencyLink
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceTarget]:
    """A supervised service with its dependency, one administrator and a small queue; the data pile up."""
    folder = tmp_path_factory.mktemp("running")
    settings = {"REFERENCE_QUEUE_CAPACITY": "8", "REFERENCE_JOB_SECONDS": "0.01"}
    settings["REFERENCE_TOKENS"] = "a:admin:blue:admin-token"
    with ReferenceDependency(folder / "dependency") as dependency:
        environment = {**settings, "DEPENDENCY_ADDRESS": dependency.address}
        with ReferenceTarget(folder / "target", supervised=True, environment=environment) as target:
            yield target


@pytest.fixture
def client(target: ReferenceTarget) -> Iterator[httpx.Client]:
    """The administrator of the running service."""
    headers = {"authorization": "Bearer admin-token"}
    with httpx.Client(base_url=target.url, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for everything in a test."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    with closing(Database(tmp_path / "data")) as database:
        yield database


@pytest.fixture
def caller(runner: asyncio.Runner) -> Callable[[ASGIApp], Call]:
    """Makes what sends requests to an application."""

    def make(app: ASGIApp) -> Call:
        async def send(method: str, path: str, options: dict[str, Any]) -> httpx.Response:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
                return await client.request(method, path, **options)

        return lambda method, path, **options: runner.run(send(method, path, options))

    return make


@pytest.fixture
def build(database: Database, caller: Callable[[ASGIApp], Call]) -> Callable[..., Call]:
    """Makes a service over the database, with defects or a dependency, and what sends requests to it."""

    def make(*defects: str, link: DependencyLink | None = None) -> Call:
        limits = BodyLimits(accepted_bytes=200, read_bytes=1000, seconds=0.05)
        return caller(build_app(database, link, clock=lambda: NOON, limits=limits, defects=defects))

    return make


@pytest.fixture
def call(build: Callable[..., Call]) -> Call:
    """Sends one request to a healthy service without a dependency."""
    return build()
