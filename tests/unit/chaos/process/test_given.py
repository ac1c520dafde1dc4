"""Which processes may be touched."""

import os

import msgspec
import pytest

from battery.chaos.process.given import GivenProcess, obstacle
from battery.chaos.process.identity import ProcessIdentity, identify
from tests.integration.chaos.process.sleeper import sleeper


def _own(pid: int, given: str = "named by a test") -> GivenProcess:
    return GivenProcess(identity=identify(pid), given=given)


def test_a_process_that_was_not_started_is_an_obstacle_that_says_how_to_give_one() -> None:
    process = GivenProcess(identity=None, given="started by the battery")
    assert str(process) == "the target's process (not started yet)"
    assert "pid_file" in obstacle(process)
    with pytest.raises(ProcessLookupError):
        _ = process.one


def test_a_process_that_nobody_named_is_left_alone() -> None:
    assert "neither the battery's child nor named" in obstacle(_own(os.getpid(), given=""))


@pytest.mark.parametrize("pid", [os.getpid(), os.getppid()], ids=["battery", "starter"])
def test_the_battery_and_whoever_started_it_are_left_alone(pid: int) -> None:
    assert "is the battery itself or started it" in obstacle(_own(pid))


def test_a_process_that_ended_is_an_obstacle() -> None:
    gone = ProcessIdentity(pid=2**31 - 1, create_time=1.0)
    assert "does not run" in obstacle(GivenProcess(identity=gone, given="named by a test"))


def test_a_process_that_is_not_known_to_serve_is_an_obstacle() -> None:
    with sleeper() as process:
        assert obstacle(process) == ""
        doubted = msgspec.structs.replace(process, doubt="it does not listen on port 80")
        assert obstacle(doubted) == "it does not listen on port 80"


def test_another_process_with_the_same_id_is_left_alone() -> None:
    here = identify(os.getpid())
    assert here is not None
    before = ProcessIdentity(pid=here.pid, create_time=here.create_time - 100)
    assert "another process has its id by now" in obstacle(GivenProcess(identity=before, given="named"))
