"""With --json, a command line that cannot be is told as JSON too: a script reads one object, whatever went wrong."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from battery.cli import COMMANDS
from tests.fakes.commands import BATTERY, run_here

Capsys = pytest.CaptureFixture[str]
NAMES = [command.__name__.rpartition(".")[2].replace("_", "-") for command in COMMANDS]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_tells_bad_usage_as_one_object_beside_the_line(capsys: Capsys, name: str) -> None:
    said = run_here(capsys, name, "--json", "--no-such-option")
    assert said.code == 64
    assert set(said.json) == {"error", "exit"}
    assert said.json["exit"] == 64
    assert (
        said.err == f"battery {name}: {said.json['error']}\n"
        or said.err == f"battery: {said.json['error']}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("certify", "--intensity", "huge", "--json"), ("--intensity", "huge", "try battery certify --help")),
        (("certify", "--seed", "x", "--js"), ("--seed",)),
        (("report", "--json"), ("required", "RUN")),
        (("--json",), ("COMMAND",)),
        (("certfy", "--json"), ("certfy",)),
        (("soak", "--for", "soon", "--json"), ("'soon' is not a duration",)),
    ],
)
def test_the_object_says_what_the_line_says(
    capsys: Capsys, arguments: Sequence[str], words: Sequence[str]
) -> None:
    said = run_here(capsys, *arguments)
    assert said.code == said.json["exit"] == 64
    assert said.json["error"] in said.err
    assert all(word in said.json["error"] for word in words)


@pytest.mark.parametrize(
    "arguments",
    [("certify", "--fast"), (), ("certify", "--fast", "--", "--json"), ("certify", "--intensity", "json")],
)
def test_without_it_stdout_stays_empty(capsys: Capsys, arguments: Sequence[str]) -> None:
    said = run_here(capsys, *arguments)
    assert (said.code, said.out) == (64, "")
    assert said.err.count("\n") == 1


def test_what_was_typed_commands_no_terminal(capsys: Capsys) -> None:
    said = run_here(capsys, "certify", "--json", "--\x1b[2J")
    assert "\x1b" not in said.err + said.out
    assert "[2J" in said.json["error"]


def test_a_reader_that_left_gets_no_traceback(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    said = subprocess.run(
        [*BATTERY, "certify", "--fast", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert said.returncode == 141
    assert said.stderr.count("\n") == 1, said.stderr
    assert sys.executable not in said.stderr
