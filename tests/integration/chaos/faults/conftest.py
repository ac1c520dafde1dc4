"""What the faults are aimed at."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.fakes.postgres_server import PostgresServer


@pytest.fixture
def quick() -> Iterator[int]:
    """A server that answers at once, in a process of its own; its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "battery.load.null_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    yield int(process.stdout.readline())
    process.stdin.close()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL with twenty connections, three of them for superusers."""
    with PostgresServer(max_connections=20) as server:
        yield server
