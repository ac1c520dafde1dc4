"""One running machine and another."""

from pathlib import Path

import pytest

from battery.chaos.process.machine import Machine, this_machine

HERE = Machine(boot="b1", pid_namespace="pid:[1]")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (HERE, ""),
        (Machine(), ""),
        (Machine(boot="b1"), ""),
        (Machine(boot="b2", pid_namespace="pid:[1]"), "has started again since"),
        (Machine(boot="b1", pid_namespace="pid:[2]"), "another container (pid:[2], here pid:[1])"),
    ],
)
def test_process_ids_of_another_start_or_container_mean_nothing_here(other: Machine, words: str) -> None:
    why = HERE.why_not(other)
    assert bool(why) == bool(words)
    assert words in why


@pytest.mark.skipif(not Path("/proc/self/ns/pid").exists(), reason="only Linux tells")
def test_this_machine_says_which_start_and_which_process_table_it_is() -> None:
    here = this_machine()
    assert len(here.boot) == 36
    assert here.pid_namespace.startswith("pid:[")
    assert here.why_not(here) == ""
