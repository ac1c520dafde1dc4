"""No worker outlives its scan, however the scan ends."""

import signal
import subprocess
import sys
import time

import psutil
import pytest


def is_gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sent: sent.name)
def test_no_worker_outlives_a_scan_that_is_ended(sent: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.integration.scan.source.scan_until_told"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as scan:
        assert scan.stdout is not None
        workers = [int(pid) for pid in scan.stdout.readline().split()]
        scan.send_signal(sent)
        scan.wait(timeout=30)
    assert len(workers) == 2
    until = time.monotonic() + 30
    while not all(map(is_gone, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert all(map(is_gone, workers))
