"""The help texts: they fit, they name their exit codes, and the README names nothing that is not there."""

import argparse
import re
from pathlib import Path

import pytest

from battery.cli import COMMANDS, _parser
from tests.fakes.commands import run_here

Capsys = pytest.CaptureFixture[str]
NAMES = tuple(command.__name__.rpartition(".")[2].replace("_", "-") for command in COMMANDS)
README = Path(__file__).parents[2] / "README.md"
WIDEST = 100


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDEST))


def options_of(name: str) -> set[str]:
    parser = _parser()
    [commands] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return {option for action in commands.choices[name]._actions for option in action.option_strings}


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_fits_and_names_its_exit_codes(capsys: Capsys, name: str) -> None:
    said = run_here(capsys, *([name] if name else []), "--help")
    assert (said.code, said.err) == (0, "")
    assert [line for line in said.out.splitlines() if len(line) > WIDEST] == []
    assert "exit codes: " in said.out
    assert re.search(r"\b64\b", said.out)


def test_the_first_help_names_every_command_with_what_it_does(capsys: Capsys) -> None:
    out = run_here(capsys, "--help").out
    for name in NAMES:
        assert re.search(rf"^ +{name}\s+\w", out, re.MULTILINE), name


def test_every_option_says_what_it_is_for() -> None:
    parser = _parser()
    [commands] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for name, command in commands.choices.items():
        for action in command._actions:
            assert action.help, f"{name} {action.option_strings or action.dest}"


def test_help_and_version_are_told_without_the_heavy_parts(capsys: Capsys) -> None:
    assert run_here(capsys, "--version").out.startswith("battery 0.")


def commands_in_readme() -> list[tuple[str, str]]:
    """Every `battery COMMAND …` of the README, as command and the rest of its line or code span."""
    text = README.read_text().replace("\\\n", " ")
    found = re.findall(r"(?:^|[`/ ])battery ([a-z][a-z-]*)([^`\n|&]*)", text, re.MULTILINE)
    return [(name, rest) for name, rest in found if name in NAMES or "--" in rest]


def test_the_readme_names_only_commands_and_options_that_exist() -> None:
    named = commands_in_readme()
    assert {name for name, _ in named} >= {"certify", "verify"}
    for name, rest in named:
        assert name in NAMES, f"battery {name} {rest}"
        for option in re.findall(r"--[a-z][a-z-]*", rest):
            assert option in options_of(name), f"battery {name} {option}"
