"""The command line and the environment."""

from pathlib import Path

import pytest

from battery.reference.dependency.address import Address
from battery.reference.settings import read_settings, worker_arguments


def test_what_is_given_is_what_is_set() -> None:
    settings = read_settings(
        ["--data", "d", "--port", "80", "--defect", "leak", "--supervise"],
        {"DATABASE_URL": "postgresql://x", "DEPENDENCY_ADDRESS": "h:1"},
    )
    assert (settings.data, settings.port, settings.defects) == (Path("d"), 80, ("leak",))
    assert (settings.database_url, settings.dependency) == ("postgresql://x", Address("h", 1))


@pytest.mark.parametrize("words", [["--port", "70000"], ["--port", "x"], ["--defect", "leek"], ["--what"]])
def test_what_is_wrong_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(["--data", "d", *words], {})
    assert ended.value.code == 2


def test_an_address_that_is_none_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_settings(["--data", "d"], {"DEPENDENCY_ADDRESS": "nowhere"})
    assert "write host:port" in capsys.readouterr().err


def test_a_worker_is_told_what_its_supervisor_was_told() -> None:
    settings = read_settings(
        ["--data", "d", "--pid-file", "p", "--log", "l", "--defect", "leak", "--supervise"], {}
    )
    again = read_settings(worker_arguments(settings, 5, 2), {})
    assert (again.listen_fd, again.restarts, again.supervise, again.end_with_stdin) == (5, 2, False, True)
    assert (again.data, again.pid_file, again.log, again.defects) == (
        settings.data,
        settings.pid_file,
        settings.log,
        settings.defects,
    )
