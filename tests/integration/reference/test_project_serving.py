"""`project serve` when what it serves goes away."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from battery.reference.defects.source_defects import SOURCE as PROJECT
from tests.integration.reference.waiting import PATIENCE_SECONDS, until


@pytest.fixture
def serving(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, str(PROJECT / "project"), "serve", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def _ready(serving: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Its children once it is ready: the price service and the supervisor."""
    assert serving.stdout
    line = next(line for line in serving.stdout if line.startswith("[3/3] ready at "))
    assert line
    return list(psutil.Process(serving.pid).children())


def _runs(process: psutil.Process) -> bool:
    """Whether it does; who waits for nobody to ask after it does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_service_that_ends_by_itself_ends_it_with_its_last_words(
    serving: "subprocess.Popen[str]",
) -> None:
    children = _ready(serving)
    supervisor = next(child for child in children if "--supervise" in child.cmdline())
    supervisor.send_signal(signal.SIGTERM)
    assert serving.wait(PATIENCE_SECONDS) == 1
    assert serving.stderr
    assert serving.stderr.read().startswith("the service ended with 0: ")
    assert not any(_runs(child) for child in children)


def test_nothing_outlives_it_when_it_is_killed(serving: "subprocess.Popen[str]") -> None:
    everybody = [grandchild for child in _ready(serving) for grandchild in (child, *child.children())]
    assert len(everybody) == 3
    serving.kill()
    until(lambda: not any(_runs(process) for process in everybody))


def test_a_database_and_a_dependency_of_ones_own_are_handed_on(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "project"), "serve", "--data", str(tmp_path)],
        env={"DATABASE_URL": "mysql://nobody", "DEPENDENCY_ADDRESS": "127.0.0.1:1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert "DATABASE_URL cannot be understood" in done.stderr
    assert "the price service" not in done.stdout
