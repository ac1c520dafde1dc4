"""Code of a check cannot end the battery's process."""

import os

import pytest

from battery.runner.confinement import CheckLeft, confined


@pytest.mark.parametrize("status", [0, 1])
def test_ending_the_process_fails_the_block(status: int) -> None:
    real = os._exit
    with pytest.raises(CheckLeft, match=rf"os\._exit\({status}\)"), confined():
        os._exit(status)
    assert os._exit is real


def test_ending_pytest_fails_the_block() -> None:
    with pytest.raises(CheckLeft, match="enough"), confined():
        pytest.exit("enough", 0)


def test_other_errors_pass() -> None:
    with pytest.raises(ValueError, match="x"), confined():
        raise ValueError("x")


def test_a_child_ends_with_its_own_code_or_where_the_block_does() -> None:
    codes = []
    for end in (7, None):
        with confined():
            pid = os.fork()
            if pid == 0 and end is not None:
                os._exit(end)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    assert codes == [7, 1]
