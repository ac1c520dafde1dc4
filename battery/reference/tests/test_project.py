"""The project around the service: its requirements, its commands, and that a copy uses itself."""

import io
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import battery.reference.project
from battery.reference.project import requirements
from battery.reference.project.__main__ import environment
from battery.reference.project.asking import Question, answer_to
from battery.reference.project.commands import main

pytestmark = pytest.mark.processes

PROJECT = Path(battery.reference.project.__file__).parent


@pytest.fixture
def serving(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """`project serve` over an empty folder."""
    command = [sys.executable, str(PROJECT), "serve", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


def test_a_copy_serves_itself_is_asked_and_ends_with_0(
    serving: "subprocess.Popen[str]",
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert serving.stdout
    said = [serving.stdout.readline() for _ in range(4)]
    assert said[1].startswith("[1/3] the price service")
    assert said[3].startswith("[3/3] ready at http://127.0.0.1:")
    monkeypatch.setenv("WHO", "anybody")
    data = ["--data", str(tmp_path / "data")]
    record = ["--json", '{"id": "a", "run": "r"}', "--token", "WHO"]
    assert main(["ask", *data, "/api/health/ready"]) == 0
    assert main(["ask", *data, "/api/records", *record]) == 0
    assert main(["ask", *data, "/nowhere"]) == 1
    told = capsys.readouterr()
    assert '"status":"ok"' in told.out
    assert '"id":"a"' in told.out
    assert told.err == "HTTP 404\n"
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(60) == 0


def test_a_service_that_is_not_there_and_a_token_that_is_not_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "--data", str(tmp_path), "--seconds", "0", "/version"]) == 1
    assert "is the service started" in capsys.readouterr().err
    assert main(["ask", "--token", "NOT_SET_AT_ALL", "/version"]) == 2
    assert "NOT_SET_AT_ALL is not set" in capsys.readouterr().err


def test_a_service_that_cannot_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "orders.sqlite3").write_bytes(b"no database at all, but long enough to be taken for one")
    command = [sys.executable, str(PROJECT), "serve", "--data", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "the service cannot start: " in ended.stderr


def test_the_modules_of_a_copy_are_the_files_of_the_copy() -> None:
    name = "import battery.reference.order as m; print(m.__file__)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", name], env=environment(), capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).resolve() == (PROJECT.parent / "order.py").resolve()


def test_what_is_missing_is_named_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert requirements.check(io.StringIO()) == 0
    (tmp_path / "requirements.txt").write_text(
        "nobody-has-this==1.0 \\\n    --hash=sha256:00\nmsgspec==0.0.1\n"
    )
    (tmp_path / "requirements-test.txt").write_text("")
    monkeypatch.setattr(requirements, "ROOT", tmp_path)
    said = io.StringIO()
    assert requirements.check(said) == 1
    assert "missing: nobody-has-this; run python -m pip install" in said.getvalue()
    assert "in other versions: msgspec" in said.getvalue()


def test_the_commands_run_in_this_process_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out.count("packages are there") == len(requirements.FILES)
    assert main(["test", "--version"]) == 0
    with pytest.raises(SystemExit):
        main(["check", "--what"])


def test_nobody_who_answers_is_an_answer_too() -> None:
    assert answer_to(Question(path="/"), "127.0.0.1:1").status == 0


def test_the_commands_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert {"check", "serve", "ask", "test", "measure"} <= set(capsys.readouterr().out.split())
