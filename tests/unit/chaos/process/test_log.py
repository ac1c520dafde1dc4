"""The target's bounded log."""

import os
import stat
from pathlib import Path

import pytest

from battery.chaos.process.log import Log, begin_anew


def _write(log: Log, data: bytes) -> None:
    read, write = os.pipe()
    with os.fdopen(write, "wb") as pipe:
        log.follow(os.fdopen(read, "rb"))
        pipe.write(data)
    log.settle(10)


def test_all_of_a_short_log_is_kept_and_its_last_lines_are_told(tmp_path: Path) -> None:
    log = Log(tmp_path / "deep" / "target.log")
    _write(log, b"one\ntwo\n\nthree\n")
    assert log.tail(3) == "two | three"
    log.close()
    assert log.path.read_bytes() == b"one\ntwo\n\nthree\n"


def test_a_silent_target_is_said_to_be_silent(tmp_path: Path) -> None:
    log = Log(tmp_path / "target.log")
    assert log.tail() == "it wrote nothing"
    log.close()


def test_a_long_log_stays_below_its_bound_and_keeps_the_newest(tmp_path: Path) -> None:
    log = Log(tmp_path / "target.log", most_bytes=2000)
    _write(log, b"".join(b"line %04d\n" % number for number in range(2000)))
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["target.log", "target.log.1"]
    assert sum(file.stat().st_size for file in files) <= 2000 + 20
    assert log.tail(1) == "line 1999"


def test_a_line_without_end_is_cut_and_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    log = Log(tmp_path / "target.log")
    _write(log, b"\xff" * 10_000)
    assert len(log.tail(1)) <= 4096
    log.close()


def test_what_comes_after_the_close_is_read_and_forgotten(tmp_path: Path) -> None:
    log = Log(tmp_path / "target.log")
    log.close()
    _write(log, b"late\n")
    assert log.path.read_bytes() == b""
    assert log.tail() == "late"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_lines_that_a_full_disk_refuses_are_counted_and_stop_nothing(tmp_path: Path) -> None:
    full = tmp_path / "target.log"
    full.symlink_to("/dev/full")
    log = Log(full)
    _write(log, b"one\ntwo\n")
    assert log.lost == 2
    assert log.tail() == "one | two"
    log.close()


SECRET = "hunter2-hunter2"


def test_what_is_told_holds_no_secret_and_what_is_left_neither(tmp_path: Path) -> None:
    log = Log(tmp_path / "target.log", secrets=[SECRET, "first line\nsecond line"])
    _write(log, f"cannot connect with {SECRET}\nsecond line\n".encode())
    assert log.tail() == "cannot connect with [redacted] | [redacted]"
    assert SECRET.encode() in log.path.read_bytes(), "a scan of the log finds it while the target runs"
    log.close()
    assert log.path.read_bytes() == b"cannot connect with [redacted]\n[redacted]\n"
    assert [file.name for file in tmp_path.iterdir()] == ["target.log"]


def test_the_log_is_for_this_user_only_also_one_that_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "target.log"
    path.write_text(f"left by a battery that was killed: {SECRET}\n")
    path.chmod(0o644)
    log = Log(path, most_bytes=100, secrets=[SECRET])
    assert path.read_bytes() == b"left by a battery that was killed: [redacted]\n"
    _write(log, f"{SECRET}\n".encode() * 20)
    log.close()
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert SECRET.encode() not in file.read_bytes()


def test_what_an_earlier_run_wrote_is_no_word_of_this_target(tmp_path: Path) -> None:
    path, older = tmp_path / "target.log", tmp_path / "target.log.1"
    for file in (path, older):
        file.write_text("a line of yesterday's build\n")
    begin_anew(path)
    log = Log(path)
    _write(log, b"ready\n")
    log.close()
    assert path.read_bytes() == b"ready\n"
    assert not older.exists()


def test_a_secret_in_a_line_that_was_cut_is_not_told(tmp_path: Path) -> None:
    log = Log(tmp_path / "target.log", secrets=[SECRET])
    _write(log, b"x" * (4096 - 7) + SECRET.encode() + b"\n")
    assert "hunter2" not in log.tail()
    log.close()
    assert b"hunter2" not in log.path.read_bytes()
