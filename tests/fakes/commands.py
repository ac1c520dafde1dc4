"""The battery's command line, in this process and in its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from battery.cli import main

BATTERY = (sys.executable, "-m", "battery")
LIMIT = 120


class Said(NamedTuple):
    """What a command came to and said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def last(self) -> str:
        """The last line for people."""
        return self.err.rstrip("\n").rpartition("\n")[2]


def run_here(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Said:
    """Run a command in this process."""
    capsys.readouterr()
    try:
        code = main([str(word) for word in arguments])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    return Said(code, *capsys.readouterr())


def start(*arguments: str | Path, cwd: Path, **environ: str) -> "subprocess.Popen[str]":
    """Begin a command in a process of its own."""
    return subprocess.Popen(
        [*BATTERY, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str | Path, cwd: Path, **environ: str) -> Said:
    """Run a command in a process of its own."""
    with start(*arguments, cwd=cwd, **environ) as process:
        return finished(process)


def finished(process: "subprocess.Popen[str]") -> Said:
    """What a command that was begun came to."""
    try:
        out, err = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Said(process.returncode, out, err)
