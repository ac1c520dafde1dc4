"""Defects that grow with time."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import psutil

from battery.reference.defects import descriptor_leak, leak, thread_leak
from battery.reference.defects.growing import growing
from battery.reference.defects.growth import Growth

DEADLINE_SECONDS = 20


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _leaked_threads() -> int:
    return sum(thread.name == "leaked" for thread in threading.enumerate())


def test_growth_keeps_to_its_rate_and_stops() -> None:
    calls: list[float] = []
    growth = Growth(lambda: calls.append(time.monotonic()), 50)
    started = time.monotonic()
    growth.start()
    _wait_until(lambda: len(calls) >= 25)
    growth.stop()
    elapsed = time.monotonic() - started
    assert len(calls) <= elapsed * 50
    assert not any(thread.name == "growth" for thread in threading.enumerate())


def test_a_megabyte_a_second_is_made_of_pages_that_are_written() -> None:
    assert leak.CHUNK_BYTES * leak.CHUNKS_PER_SECOND == 1_000_000
    # In a process of its own: one that has run other tests has room to spare.
    script = (
        "import psutil; from battery.reference.defects import leak; kept = []; me = psutil.Process()\n"
        "before = me.memory_info().rss\n"
        "for _ in range(300): leak.growth(kept)._add()\n"
        "print(me.memory_info().rss - before)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 25_000_000


def test_threads_and_files_leak_and_are_given_back_with_the_block() -> None:
    files = psutil.Process().num_fds()
    with growing({"thread_leak", "descriptor_leak"}):
        _wait_until(lambda: _leaked_threads() >= 2)
        _wait_until(lambda: psutil.Process().num_fds() >= files + 3)
    _wait_until(lambda: _leaked_threads() == 0)
    assert psutil.Process().num_fds() == files


def test_nothing_grows_without_a_defect() -> None:
    before = threading.active_count()
    with growing({"errors"}):
        assert threading.active_count() == before


def test_a_leak_of_descriptors_goes_on_quietly_when_no_file_can_be_opened() -> None:
    kept: list[int] = []
    descriptor_leak.growth(kept, "/nowhere/at/all")._add()
    assert kept == []


def test_leaked_threads_end_when_told() -> None:
    end = threading.Event()
    thread_leak.growth(end)._add()
    assert _leaked_threads() == 1
    end.set()
    _wait_until(lambda: _leaked_threads() == 0)
