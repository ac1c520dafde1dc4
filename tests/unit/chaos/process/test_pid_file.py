"""The process that a pid file names."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.pid_file import named_by_pid_file


def test_it_names_a_running_process(tmp_path: Path) -> None:
    file = tmp_path / "app.pid"
    file.write_text(f"{os.getpid()}\n")
    named = named_by_pid_file(file)
    assert named.identity is not None
    assert named.identity.pid == os.getpid()
    assert named.given == f"named by {file}"


def test_only_the_first_word_counts_as_in_the_file_of_postgresql(tmp_path: Path) -> None:
    file = tmp_path / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n/var/lib/data\n1700000000\n")
    assert named_by_pid_file(file).one.pid == os.getpid()


def test_an_absent_file_is_said_to_be_absent(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailed, match="cannot be read: No such file"):
        named_by_pid_file(tmp_path / "none.pid")


@pytest.mark.parametrize("text", ["", "\n", "nginx", "-5", "0", "1", "99999999999999", "12.5", "²"])
def test_what_is_no_process_id_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "app.pid"
    file.write_text(text)
    with pytest.raises(ProcessFailed, match="not a process id"):
        named_by_pid_file(file)


def test_a_process_that_does_not_run_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "app.pid"
    file.write_text(str(2**31 - 1))
    with pytest.raises(ProcessFailed, match="names process 2147483647, which does not run"):
        named_by_pid_file(file)


@given(st.binary(max_size=100))
def test_no_content_crashes_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("pid") / "app.pid"
    file.write_bytes(content)
    try:
        said = named_by_pid_file(file).given
    except ProcessFailed as error:
        said = str(error)
    assert str(file) in said
