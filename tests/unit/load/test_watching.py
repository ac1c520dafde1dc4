"""What tells the target's resources: its process, its metrics, or nothing."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.load.remote_usage import MetricsWatch
from battery.load.resources import ProcessWatch
from battery.load.watching import watched
from battery.model.definition import Definition
from battery.model.target import Process, Target

ELSEWHERE = "http://192.0.2.1:80"  # https://www.rfc-editor.org/rfc/rfc5737: an address that is nobody's


@pytest.fixture
def port() -> Iterator[int]:
    """A port on which this process listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_target_on_this_machine_is_read_from_its_process(port: int, tmp_path: Path) -> None:
    with watched(
        Definition(target=Target(url=f"http://127.0.0.1:{port}", metrics="/metrics")), tmp_path
    ) as found:
        assert isinstance(found.watch, ProcessWatch)
        assert found.watch.pid == os.getpid()
        assert found.source == f"process {os.getpid()} and its children"
        reading = found.watch.read(7)
    assert reading is not None
    assert reading.second == 7


def test_a_pid_file_names_the_process_wherever_the_target_says_it_is(tmp_path: Path) -> None:
    (tmp_path / "app.pid").write_text(f"{os.getpid()}\n")
    definition = Definition(target=Target(url=ELSEWHERE), process=Process(pid_file="app.pid"))
    with watched(definition, tmp_path) as found:
        assert isinstance(found.watch, ProcessWatch)
        assert found.watch.pid == os.getpid()


@pytest.mark.parametrize("text", ["", "soon", None])
def test_a_pid_file_that_says_nothing_leaves_the_metrics(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "app.pid").write_text(text)
    target = Target(url=ELSEWHERE, metrics="/metrics")
    with watched(Definition(target=target, process=Process(pid_file="app.pid")), tmp_path) as found:
        assert isinstance(found.watch, MetricsWatch)


def test_a_target_elsewhere_is_read_from_its_metrics_as_long_as_it_is_watched(tmp_path: Path) -> None:
    with watched(Definition(target=Target(url=ELSEWHERE, metrics="/metrics")), tmp_path) as found:
        assert isinstance(found.watch, MetricsWatch)
        assert found.source == "its metrics at /metrics"
    with pytest.raises(RuntimeError, match="closed"):
        found.watch.read(0)


def test_a_target_that_nothing_tells_of_is_not_watched_and_the_reason_says_what_to_write(
    tmp_path: Path,
) -> None:
    with watched(Definition(target=Target(url=ELSEWHERE)), tmp_path) as found:
        assert found.watch is None
        assert found.source == "nothing: its process was not found, and battery.toml names no metrics path"
        assert found.gpus.read() == () or not found.gpus.why_none
