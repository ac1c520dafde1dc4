"""The trail: events taken at once, written together, and kept while the disk fails."""

import asyncio
import json
import logging
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from battery.reference.audit.trail import MOST_WAITING, NoAudit, Trail

KEY = b"the key of the service"


def events_in(folder: Path) -> list[str]:
    """What stands in the log."""
    lines = (folder / "audit.ndjson").read_text().splitlines()
    return [json.loads(line)["event"] for line in lines]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.01)


@contextmanager
def full_disk(bytes_left: int, file: Path) -> Iterator[None]:
    """No file of this process may grow beyond the size of `file` and a little: a write fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + bytes_left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_is_noted_is_on_disk_when_it_has_settled(tmp_path: Path, runner: asyncio.Runner) -> None:
    with closing(Trail(tmp_path, KEY)) as trail:
        trail.note("login.accepted", actor="ann", source="192.0.2.1")
        assert runner.run(trail.settled())
        assert events_in(tmp_path) == ["service.started", "login.accepted"]
        assert trail.figures().records == 2
        assert trail.verify().intact
    assert events_in(tmp_path)[-1] == "service.ended"


def test_what_is_noted_is_written_without_anybody_waiting(tmp_path: Path) -> None:
    with closing(Trail(tmp_path, KEY)) as trail:
        trail.note("limit.reached")
        until(lambda: events_in(tmp_path) == ["service.started", "limit.reached"])


def test_a_load_of_changes_is_few_records(tmp_path: Path, runner: asyncio.Runner) -> None:
    with closing(Trail(tmp_path, KEY)) as trail:
        for number in range(1000):
            trail.note("order.placed", items=(number,))
        assert runner.run(trail.settled())
        assert events_in(tmp_path).count("order.placed") < 50
        items = [item for line in trail.recent(200) for item in json.loads(bytes(line)).get("items", ())]
        assert items == list(range(1000))


def test_a_full_disk_keeps_events_waiting_and_the_log_whole(
    tmp_path: Path, runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Trail(tmp_path, KEY)) as trail:
        assert runner.run(trail.settled())
        with full_disk(100, tmp_path / "audit.ndjson"):
            trail.note("login.refused", about="x" * 300)
            assert runner.run(trail.settled()) is False
            assert trail.figures().waiting == 1
            assert trail.verify().intact
        until(lambda: trail.figures().waiting == 0)
        assert runner.run(trail.settled())
        assert trail.verify().intact
    assert events_in(tmp_path) == ["service.started", "login.refused", "service.ended"]
    assert "the audit log cannot be written" in caplog.text


def test_events_that_find_no_room_are_counted_in_the_log(
    tmp_path: Path, runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    with closing(Trail(tmp_path, KEY)) as trail:
        assert runner.run(trail.settled())
        with full_disk(0, tmp_path / "audit.ndjson"):
            for number in range(MOST_WAITING + 7):
                trail.note("token.refused", about=str(number % 2))
            assert trail.figures().dropped == 7
        until(lambda: trail.figures().waiting == 0)
        assert runner.run(trail.settled())
    log = (tmp_path / "audit.ndjson").read_text()
    assert '"about":"7 events found no room","event":"audit.dropped"' in log


def test_a_restart_tells_what_it_found(tmp_path: Path, runner: asyncio.Runner) -> None:
    with closing(Trail(tmp_path, KEY)):
        pass
    (tmp_path / "audit.head").unlink()
    with closing(Trail(tmp_path, KEY)) as trail:
        assert runner.run(trail.settled())
    assert events_in(tmp_path) == ["audit.recovered", "service.started", "service.ended"]


def test_without_a_folder_nothing_is_kept(runner: asyncio.Runner) -> None:
    audit = NoAudit()
    audit.note("login.accepted")
    assert runner.run(audit.settled())
