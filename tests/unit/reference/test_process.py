"""What the operating system knows of this process."""

import os
import resource

from battery.reference.process import OwnProcess


def test_it_reads_itself() -> None:
    facts = OwnProcess().read()
    assert facts.pid == os.getpid()
    assert facts.resident_bytes > 1_000_000
    assert facts.descriptors > 2


def test_without_a_descriptor_to_read_with_the_last_facts_are_given() -> None:
    process = OwnProcess()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        facts = process.read()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert facts == process._last
    assert process.read().descriptors > 2
