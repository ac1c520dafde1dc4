"""`battery doctor`: what is there, what is lacking, and an exit code that a pipeline can use."""

import json
from pathlib import Path

import pytest

from battery.cli import main


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_a_bare_folder_could_start_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "ok", "none", "none", "none", "none", "none", "none"]
    assert lines[3] == "none  battery.toml       no battery.toml: `battery init` writes one"


def test_a_fault_is_marked_and_exits_with_64(capsys: pytest.CaptureFixture[str]) -> None:
    Path("battery.toml").write_text("[targt]")
    assert main(["doctor"]) == 64
    expected = 'MEND  battery.toml       battery.toml: targt: unknown key (did you mean "target"?)'
    assert expected in capsys.readouterr().err.splitlines()


def test_a_named_configuration_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--config", "mine.toml"]) == 64
    assert "MEND  battery.toml       no mine.toml" in capsys.readouterr().err


def test_json_lists_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    items = json.loads(capsys.readouterr().out)
    assert [item["name"] for item in items][:4] == ["python", "artifacts", "signing key", "battery.toml"]
