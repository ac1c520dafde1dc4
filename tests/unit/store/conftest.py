"""Small and read-only file systems, where the machine lets us mount one."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a tmpfs with the options, and unmounts it in the end."""
    made: list[Path] = []

    def mount(options: str) -> Path:
        place = made[0] if made else tmp_path / "mounted"
        place.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"this machine lets us mount nothing: {done.stderr.strip()}")
        if not made:
            made.append(place)
        return place

    yield mount
    for place in made:
        subprocess.run(["umount", "-l", str(place)], check=True)
