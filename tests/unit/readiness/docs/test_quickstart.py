"""The quickstart is run as it is written, in a sandbox that it cannot outlive."""

import os
from pathlib import Path

import psutil
import pytest

from battery.readiness.bootstrap.environment import make_home, scrubbed
from battery.readiness.bootstrap.errors import DrillImpossible
from battery.readiness.bootstrap.sandbox import Sandbox
from battery.readiness.docs.markdown import read_markdown
from battery.readiness.docs.quickstart import QuickstartRun, run_quickstart
from battery.readiness.docs.quickstart_blocks import ShellBlock, shell_blocks

QUICKSTART = Path(__file__).parents[3] / "assets" / "docs_tree" / "docs" / "quickstart.md"
LONG = 120.0


def sandbox(folder: Path, seconds: float = LONG) -> Sandbox:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    make_home(folder / "home")
    return Sandbox(folder=work, env=scrubbed(folder / "home", os.environ), seconds=seconds, grace=1.0)


def run(folder: Path, *scripts: str, seconds: float = LONG) -> QuickstartRun:
    blocks = [ShellBlock(number=n, line=10 * n, script=text) for n, text in enumerate(scripts, 1)]
    return run_quickstart(blocks, sandbox(folder, seconds), folder / "quickstart.log")


def test_blocks_come_in_order_prompts_and_answers_left_out() -> None:
    blocks = shell_blocks(read_markdown(QUICKSTART.read_text(encoding="utf-8")))
    assert [(block.number, block.line, block.script, block.skipped) for block in blocks] == [
        (1, 8, "mkdir -p shop\ncd shop\nexport GREETING=hello\n", ""),
        (2, 16, 'echo "$GREETING" > said.txt\ncat \\\nsaid.txt\n', ""),
        (3, 24, "rm -rf /everything\n", 'it says "battery: skip"'),
    ]


@pytest.mark.parametrize(
    ("text", "script", "skipped"),
    [
        ("```sh\n$ make\nmade\n$ run\n```\n", "make\nrun\n", ""),
        ("```console\nonly words\n```\n", "", "it has no command"),
        ("```bash\nmake\n", "make\n", "its fence is never closed"),
        ("```console\n# apt install x\n$ y\n```\n", "apt install x\ny\n", ""),
    ],
)
def test_sessions_and_scripts_are_told_apart(text: str, script: str, skipped: str) -> None:
    (block,) = shell_blocks(read_markdown(text))
    assert (block.script, block.skipped) == (script, skipped)


def test_the_asset_runs_as_one_shell_in_the_sandbox(tmp_path: Path) -> None:
    blocks = shell_blocks(read_markdown(QUICKSTART.read_text(encoding="utf-8")))
    done = run_quickstart(blocks, sandbox(tmp_path), tmp_path / "logs" / "quickstart.log")
    assert (done.outcome, done.blocks, done.begun, done.exit_code) == ("ran", 2, 2, 0), done.reason
    assert (tmp_path / "work" / "shop" / "said.txt").read_text() == "hello\n"
    assert done.log is not None
    assert "hello" in done.log.read_text()


def test_a_command_that_fails_stops_it_and_names_the_block(tmp_path: Path) -> None:
    done = run(tmp_path, "echo one", "echo before; false; echo after", "echo three")
    assert (done.outcome, done.begun, done.exit_code) == ("failed", 2, 1)
    assert done.reason.startswith("block 2 at line 20 ended with 1: ")
    assert "before" in done.reason
    assert "after" not in done.reason


def test_a_block_that_ends_the_shell_does_not_pass_for_all_of_them(tmp_path: Path) -> None:
    done = run(tmp_path, "exit 0", "echo two")
    assert done.outcome == "failed"
    assert "block 1 at line 10 ended the shell" in done.reason


def test_the_environment_of_whoever_runs_the_battery_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    done = run(tmp_path, 'test -z "$SECRET_OF_MINE"', f'test "$HOME" = "{tmp_path}/home"', "touch ~/here")
    assert done.outcome == "ran", done.reason
    assert (tmp_path / "home" / "here").exists()


def test_one_that_hangs_is_killed_with_its_children_at_the_limit_and_the_log_kept(tmp_path: Path) -> None:
    script = "echo hanging\nsleep 3333 &\nsetsid sleep 3334 &\ntrap '' TERM\nsleep 3335"
    done = run(tmp_path, script, seconds=1.5)
    assert done.outcome == "timeout"
    assert "block 1 at line 10 did not end within 1.5 s: " in done.reason
    assert "hanging" in done.reason
    assert done.left == ()
    assert done.log is not None
    assert "hanging" in done.log.read_text()
    words = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in words if line and line[0] == "sleep" and line[1].startswith("333")]


def test_without_a_block_nothing_ran(tmp_path: Path) -> None:
    skipped = ShellBlock(number=1, line=3, script="x", skipped="it has no command")
    done = run_quickstart([skipped], sandbox(tmp_path), tmp_path / "x.log")
    assert (done.outcome, done.blocks) == ("empty", 0)
    assert "line 3: it has no command" in done.reason


def test_a_server_in_the_last_block_is_good_once_it_is_ready(tmp_path: Path) -> None:
    script = "touch up\nsleep 3336"
    ready = tmp_path / "work" / "up"
    blocks = [ShellBlock(number=1, line=1, script=script)]
    done = run_quickstart(blocks, sandbox(tmp_path), tmp_path / "x.log", ready=ready.exists)
    assert (done.outcome, done.left) == ("ran", ())
    assert done.reason == "all 1 blocks ran, and the target is ready"


def test_blocks_that_ran_without_the_target_ever_being_ready_are_no_success(tmp_path: Path) -> None:
    blocks = [ShellBlock(number=1, line=1, script="true")]
    done = run_quickstart(blocks, sandbox(tmp_path, 0.5), tmp_path / "x.log", ready=lambda: False)
    assert done.outcome == "timeout"
    assert "the target was not ready within 0.5 s" in done.reason


def test_a_shell_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    blocks = [ShellBlock(number=1, line=1, script="true")]
    with pytest.raises(DrillImpossible, match="cannot be started"):
        run_quickstart(blocks, sandbox(tmp_path), tmp_path / "x.log", shell="no-such-shell")


def test_standard_input_is_empty_so_that_nothing_waits_for_a_person(tmp_path: Path) -> None:
    assert run(tmp_path, "! read answer").outcome == "ran"
