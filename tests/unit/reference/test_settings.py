"""The command line and the announcement."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from battery.reference.announcement import announce, announcement, withdraw
from battery.reference.dependency.address import Address
from battery.reference.settings import Settings, read_settings, worker_arguments


def test_only_the_data_folder_has_to_be_named() -> None:
    assert read_settings(["--data", "d"], {}) == Settings("127.0.0.1", 0, Path("d"))


def test_the_database_and_the_dependency_stand_in_the_environment() -> None:
    environment = {"DATABASE_URL": "postgresql://u@h/d", "DEPENDENCY_ADDRESS": "127.0.0.1:9000"}
    settings = read_settings(["--data", "d"], environment)
    assert settings.database_url == "postgresql://u@h/d"
    assert settings.dependency == Address("127.0.0.1", 9000)


def test_an_address_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(["--data", "d"], {"DEPENDENCY_URL": "nowhere"})
    assert ended.value.code == 2
    assert "DEPENDENCY_URL is 'nowhere'" in capsys.readouterr().err


def test_a_worker_is_told_all_that_its_supervisor_was_told() -> None:
    given = [
        "--host",
        "::1",
        "--data",
        "d",
        "--pid-file",
        "p",
        "--log",
        "l",
        "--defect",
        "leak",
        "--defect",
        "errors",
    ]
    settings = read_settings([*given, "--supervise", "--port-file", "f"], {})
    worker = read_settings(worker_arguments(settings, 7, 3), {})
    assert worker == msgspec.structs.replace(
        settings, supervise=False, port_file=None, listen_fd=7, restarts=3, end_with_stdin=True
    )


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(["--data", "d", "--port", port])
    assert ended.value.code == 2
    assert "--port" in capsys.readouterr().err


def test_the_port_is_announced_in_a_line_and_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "port"
    announce(announcement("127.0.0.1", 8123), file)
    assert json.loads(capsys.readouterr().out) == {
        "url": "http://127.0.0.1:8123",
        "port": 8123,
        "pid": os.getpid(),
    }
    assert file.read_text() == "8123\n"
    assert list(tmp_path.iterdir()) == [file]


def test_the_process_is_named_in_a_file(tmp_path: Path) -> None:
    announce(announcement("127.0.0.1", 8123), None, tmp_path / "pid")
    assert (tmp_path / "pid").read_text() == f"{os.getpid()}\n"


def test_without_a_port_file_the_line_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    announce(announcement("::1", 8123), None)
    assert json.loads(capsys.readouterr().out)["url"] == "http://[::1]:8123"


def test_the_port_of_an_earlier_process_is_withdrawn(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("1\n")
    withdraw(file)
    withdraw(file)
    withdraw(None)
    assert not file.exists()
