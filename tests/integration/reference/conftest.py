"""The real service as a child process."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from battery.reference.demo import ReferenceTarget


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
