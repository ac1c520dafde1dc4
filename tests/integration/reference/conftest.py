"""The real service as a child process, and what it depends on."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from battery.reference.demo import ReferenceTarget
from battery.reference.demo_dependency import ReferenceDependency
from tests.fakes.reference_postgres import Postgres


@pytest.fixture
def target(tmp_path: Path) -> Iterator[ReferenceTarget]:
    """A running reference target over an empty folder."""
    with ReferenceTarget(tmp_path / "target") as target:
        yield target


@pytest.fixture
def client(target: ReferenceTarget) -> Iterator[httpx.Client]:
    """A client of it."""
    with httpx.Client(base_url=target.url, timeout=5.0) as client:
        yield client


@pytest.fixture
def dependency(tmp_path: Path) -> Iterator[ReferenceDependency]:
    """A running dependency."""
    with ReferenceDependency(tmp_path / "dependency") as dependency:
        yield dependency


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL; a test that uses it is marked real("initdb")."""
    with Postgres() as postgres:
        yield postgres
