"""The drill: a clean checkout comes up, fails or hangs, and whatever happens nothing is left running."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from battery.readiness.bootstrap.drill import Drill, DrillReport, run_drill
from battery.readiness.bootstrap.errors import DrillImpossible

SERVICE = Path(__file__).with_name("service.py")
LONG = 180.0


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "service.py").write_bytes(SERVICE.read_bytes())
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "stale.pyc").write_bytes(b"x")
    return folder


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def drill(
    source: Path, script: str, *, port: int = 0, seconds: float = LONG, warm: bool = False
) -> DrillReport:
    scratch = source.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    order = Drill(
        source=source,
        scratch=scratch,
        command=("sh", "-c", script),
        ready_url=f"http://127.0.0.1:{port}/ready" if port else "",
        seconds=seconds,
        settle=0.5,
        warm=warm,
    )
    return run_drill(order, os.environ)


def running(word: str) -> list[int]:
    everyone = psutil.process_iter(["cmdline"])
    return [process.pid for process in everyone if word in (process.info["cmdline"] or [])]


def test_a_service_that_comes_up_is_timed_cold_and_warm_and_ended(source: Path, port: int) -> None:
    script = f"""echo '==> prepare'
test -e ~/.cache/warm && echo warm || touch ~/.cache/warm
head -c 3000000 /dev/zero > big.bin
echo '[2/2] serve'
exec {sys.executable} service.py {port}"""
    report = drill(source, script, port=port, warm=True)
    assert report.cold.outcome == "ready", report.cold.reason
    assert report.warm is not None
    assert report.warm.outcome == "ready", report.warm.reason
    assert [step.title for step in report.cold.steps] == ["prepare", "serve"]
    assert sum(step.seconds for step in report.cold.steps) <= report.cold.seconds
    assert report.cold.peaks is not None
    assert report.cold.peaks.disk >= 3_000_000
    assert report.cold.peaks.memory > 0
    assert report.cold.left == report.warm.left == ()
    assert report.clean_to_ready is not None
    assert report.clean_to_ready >= report.cold.seconds
    assert report.how == "copy"
    assert not (source.parent / "scratch" / "checkout" / "__pycache__").exists()
    assert not (source / "big.bin").exists()
    logs = [attempt.log.read_text() for attempt in (report.cold, report.warm) if attempt.log]
    assert ["warm" in text.splitlines() for text in logs] == [False, True]
    assert running(str(port)) == []


def test_a_service_that_was_left_in_the_background_counts_and_is_ended_too(source: Path, port: int) -> None:
    report = drill(source, f"setsid {sys.executable} service.py {port} & echo started", port=port)
    assert report.cold.outcome == "ready", report.cold.reason
    assert running(str(port)) == []


def test_a_command_without_a_ready_url_is_done_when_it_ends_well(source: Path) -> None:
    report = drill(source, "echo made")
    assert (report.cold.outcome, report.cold.exit_code) == ("done", 0)
    assert report.cold.came_up


def test_a_command_that_fails_is_told_with_its_last_words_and_not_tried_warm(source: Path) -> None:
    report = drill(source, "echo no compiler; exit 7", warm=True)
    assert (report.cold.outcome, report.cold.exit_code, report.warm) == ("failed", 7, None)
    assert "the command ended with 7: no compiler" in report.cold.reason
    assert report.clean_to_ready is None


def test_one_that_hangs_is_killed_with_its_children_at_the_limit_and_the_log_kept(source: Path) -> None:
    script = (
        "echo waiting for godot; (trap '' TERM; sleep 4441) & setsid sleep 4442 & trap '' TERM; sleep 4443"
    )
    report = drill(source, script, seconds=1.0)
    assert report.cold.outcome == "timeout"
    assert "after 1 s the command did not end; its last words: waiting for godot" in report.cold.reason
    assert report.cold.log is not None
    assert "waiting for godot" in report.cold.log.read_text()
    assert report.cold.left == ()
    assert report.cold.killed > 0
    assert running("4441") + running("4442") + running("4443") == []


def test_one_that_ends_and_serves_nothing_fails_before_the_limit(source: Path, port: int) -> None:
    report = drill(source, "echo all set", port=port)
    assert report.cold.outcome == "failed"
    assert "left nothing running that could be ready (ConnectError)" in report.cold.reason


def test_a_service_that_runs_already_would_prove_nothing(source: Path, port: int) -> None:
    other = subprocess.Popen([sys.executable, str(SERVICE), str(port)])
    try:
        wait_until_it_listens(other, port)
        report = drill(source, "touch ran", port=port)
    finally:
        other.kill()
        other.wait()
    assert report.cold.outcome == "occupied"
    assert not (source.parent / "scratch" / "checkout" / "ran").exists()


def wait_until_it_listens(service: "subprocess.Popen[bytes]", port: int) -> None:
    while service.poll() is None:
        with socket.socket() as asker:
            if asker.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("the service ended before it listened")


def test_a_command_that_does_not_exist_in_a_clean_checkout_is_one_line(source: Path) -> None:
    order = Drill(source=source, scratch=source.parent / "s", command=("./bootstrap-me",))
    with pytest.raises(DrillImpossible, match=r'"\./bootstrap-me" cannot be started in a clean checkout'):
        run_drill(order, os.environ)
    with pytest.raises(DrillImpossible, match="no command is given"):
        run_drill(Drill(source=source, scratch=source.parent / "t", command=()), os.environ)


def test_an_endless_log_is_cut_and_its_last_words_kept(source: Path) -> None:
    report = drill(source, "yes $(printf '%01000d' 1) | head -n 30000; echo the end; exit 3")
    assert report.cold.log is not None
    assert report.cold.log.stat().st_size <= 16 * 2**20
    assert report.cold.log_cut > 0
    assert report.cold.tail.endswith("the end")
