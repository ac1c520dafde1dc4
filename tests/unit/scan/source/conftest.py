"""A pool with real workers for the tests of this folder, and a way to write a tree."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from battery.scan.source.pool import Pool

KEY = b"a key of the tests"
Plant = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(workers=1, key=KEY) as running:
        yield running


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Writes files below a folder, which it hands back."""

    def write(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "tree"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return root

    return write
