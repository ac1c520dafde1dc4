"""Waiting for several things at once."""

import os
import signal
import subprocess
import sys

from battery.reference.supervisor.alarm import Alarm


def test_a_signal_before_the_wait_is_not_slept_over() -> None:
    with Alarm() as alarm:
        assert not alarm.told_to_stop()
        os.kill(os.getpid(), signal.SIGTERM)
        alarm.wait(None)
        assert alarm.told_to_stop()


def test_the_death_of_a_child_wakes_it_and_is_no_order_to_stop() -> None:
    with Alarm() as alarm:
        child = subprocess.Popen([sys.executable, "-c", ""])
        while child.poll() is None:
            alarm.wait(None)
        assert not alarm.told_to_stop()


def test_it_says_what_can_be_read_and_when_time_is_up() -> None:
    read, write = os.pipe()
    try:
        with Alarm() as alarm:
            assert alarm.wait(0.0, read) == []
            os.write(write, b"x")
            assert alarm.wait(None, read) == [read]
    finally:
        os.close(read)
        os.close(write)


def test_afterwards_the_signals_are_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Alarm():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
