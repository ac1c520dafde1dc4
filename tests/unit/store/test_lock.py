"""A lock is held by one process, and goes with it."""

import errno
import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from battery.errors import StoreError
from battery.store import locked

HOLD = """
import sys, time
from pathlib import Path
from battery.store import locked
with locked(Path(sys.argv[1]), wait=False):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_that_another_process_holds_is_told_until_that_dies(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreError) as caught, locked(path, wait=False):
            pass
        other.kill()
    assert str(caught.value) == f"{tmp_path}: another battery works on this run; wait for it, or stop it"
    with locked(path, wait=True):
        pass


def test_a_lock_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("elsewhere")
    for path in (tmp_path / "absent" / ".lock", tmp_path, tmp_path / "link"):
        with pytest.raises(StoreError, match="cannot be opened: "), locked(path, wait=False):
            pass


def test_what_goes_wrong_while_the_lock_is_held_is_not_mistaken_for_the_lock(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), locked(tmp_path / ".lock", wait=False):
        raise BlockingIOError


def test_a_file_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    with (
        pytest.raises(StoreError, match="cannot be locked: No locks available"),
        locked(tmp_path / "l", wait=True),
    ):
        pass
