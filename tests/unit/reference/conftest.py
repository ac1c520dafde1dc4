"""The service in this process, over a database of its own."""

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
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]


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
def app(database: Database) -> ASGIApp:
    """The service, at noon, with little patience for slow bodies."""
    limits = BodyLimits(accepted_bytes=200, read_bytes=1000, seconds=0.05)
    return build_app(database, clock=lambda: datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC), limits=limits)


@pytest.fixture
def call(runner: asyncio.Runner, app: ASGIApp) -> Call:
    """Sends one request to the service."""

    async def send(method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
            return await client.request(method, path, **options)

    return lambda method, path, **options: runner.run(send(method, path, options))
