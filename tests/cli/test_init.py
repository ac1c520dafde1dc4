"""`battery init`: a battery.toml from what stands in the folder, without questions where nobody can answer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from battery.cli import main
from battery.definitions.battery_toml import load_definition


def init(*arguments: str) -> int:
    return main(["init", *arguments])


def test_it_writes_a_file_that_loads_and_says_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements.txt").write_text("flask")
    (tmp_path / "app.py").write_text('@app.get("/healthz")')
    assert init(str(tmp_path)) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "found framework: flask (requirements.txt)",
        "found live: /healthz",
        f"{tmp_path}/battery.toml: nobody said where the target runs: http://127.0.0.1:5000 is a guess",
        f"{tmp_path}/battery.toml: written. Read its comments, then: battery certify",
    ]
    assert load_definition(tmp_path / "battery.toml").target.url == "http://127.0.0.1:5000"
    assert "# a guess: put the right one here" in (tmp_path / "battery.toml").read_text()


def test_what_somebody_said_is_no_guess(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(str(tmp_path), "--url", "http://127.0.0.1:8731") == 0
    assert "guess" not in capsys.readouterr().err
    assert "guess" not in (tmp_path / "battery.toml").read_text()


def test_it_asks_nothing_where_nobody_can_answer(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "battery", "init", str(tmp_path)]
    # The pipe stays open and empty: a process that asked would wait for ever.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert "Where does the target run?" not in process.stderr.read()
    assert load_definition(tmp_path / "battery.toml").target.url == "http://127.0.0.1:8000"


class Terminal:
    """A standard stream with a person at it."""

    def __init__(self, answer: str = "") -> None:
        self._answer = answer
        self.told = ""

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self._answer

    def write(self, text: str) -> None:
        self.told += text

    def flush(self) -> None:
        """Nothing is kept back."""


@pytest.mark.parametrize(
    ("answer", "url"),
    [("http://h:1\n", "http://h:1"), ("\n", "http://127.0.0.1:8000"), ("", "http://127.0.0.1:8000")],
)
def test_on_a_terminal_it_asks_for_the_url_once(
    answer: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stderr", screen)
    assert init(str(tmp_path)) == 0
    assert screen.told.count("Where does the target run? [http://127.0.0.1:8000]") == 1
    assert load_definition(tmp_path / "battery.toml").target.url == url


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "battery.toml"
    path.write_text("# mine")
    assert init(str(tmp_path)) == 64
    assert capsys.readouterr().err == f"battery init: {path}: exists already; --force replaces it\n"
    assert path.read_text() == "# mine"
    assert init(str(tmp_path), "--force") == 0
    assert path.read_text() != "# mine"


def test_a_dangling_link_is_kept_too(tmp_path: Path) -> None:
    (tmp_path / "battery.toml").symlink_to("nowhere")
    assert init(str(tmp_path)) == 64


def test_a_wrong_url_or_folder_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(str(tmp_path), "--url", "localhost:80") == 64
    assert (
        'battery init: --url: "localhost:80" is not allowed; expected http://HOST' in capsys.readouterr().err
    )
    assert init(str(tmp_path / "absent")) == 64
    assert capsys.readouterr().err == f"battery init: {tmp_path}/absent: is no folder\n"
    assert list(tmp_path.iterdir()) == []


def test_json_tells_a_machine_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(str(tmp_path), "--json", "--url", "http://h") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["path"] == str(tmp_path / "battery.toml")
    assert told["found"]["framework"] == ""
