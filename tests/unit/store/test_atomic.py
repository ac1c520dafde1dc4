"""A file is written whole or not at all."""

import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from battery.errors import StoreError
from battery.store import write_atomically

KILLED = """
import sys
from pathlib import Path
from battery.store import write_atomically
path, number = Path(sys.argv[1]), 0
print("ready", flush=True)
while True:
    number += 1
    write_atomically(path, b"%06d" % number * 20_000)
"""


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_bytes_mode_and_missing_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    write_atomically(path, b"one", mode=0o600)
    write_atomically(path, b"two", mode=0o600)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names_in(path.parent) == ["file"]


def test_a_process_that_is_killed_leaves_no_torn_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for _ in range(5):
        command = [sys.executable, "-c", KILLED, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            before = path.stat().st_mtime_ns if path.exists() else 0
            while not path.exists() or path.stat().st_mtime_ns == before:
                assert child.poll() is None
            child.send_signal(signal.SIGKILL)
        data = path.read_bytes()
        assert len(data) == 120_000
        assert data == data[:6] * 20_000


def test_a_full_disk_is_told_and_loses_nothing(mounted: Callable[[str], Path]) -> None:
    path = mounted("size=64k") / "file"
    write_atomically(path, b"old")
    with pytest.raises(StoreError, match="cannot be written: No space left on device"):
        write_atomically(path, b"x" * 100_000)
    assert path.read_bytes() == b"old"
    assert names_in(path.parent) == ["file"]


def test_a_file_size_limit_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StoreError, match="cannot be written: File too large"):
            write_atomically(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


def test_a_read_only_folder_is_told(mounted: Callable[[str], Path]) -> None:
    place = mounted("size=64k")
    mounted("remount,ro")
    with pytest.raises(StoreError, match="cannot be written: Read-only file system"):
        write_atomically(place / "file", b"")


@pytest.mark.parametrize("name", ["file/inside", "folder", "x" * 300])
def test_a_place_that_no_file_can_take_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "full").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be written: "):
        write_atomically(tmp_path / name, b"x")
    assert names_in(tmp_path) == ["file", "folder"]


def test_an_interrupt_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("battery.store.atomic.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", b"x")
    assert names_in(tmp_path) == []


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "file").symlink_to("victim")
    write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "victim").read_bytes() == b"mine"
    assert not (tmp_path / "file").is_symlink()


def test_writers_side_by_side_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    writers = [
        threading.Thread(target=write_atomically, args=(path, bytes([number]) * 50_000))
        for number in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(set(path.read_bytes())) == 1
    assert path.stat().st_size == 50_000
