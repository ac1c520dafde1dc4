"""The quickstart, executed: its shell blocks one after the other in one sandbox, as a newcomer would paste them.

All blocks run in one shell, so that `cd`, `export` and background jobs of one block are there for the next. The
shell stops at the first command that fails. At the limit everything is ended, and the log is kept.
"""

import shlex
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.command_log import CommandLog
from battery.readiness.bootstrap.sandbox import Sandbox, SandboxedCommand
from battery.readiness.docs.quickstart_blocks import ShellBlock

_POLL = 0.05
Outcome = Literal["ran", "failed", "timeout", "empty"]


class QuickstartRun(Frozen, frozen=True, kw_only=True):
    """How it went: which blocks began, which one it ended in, and what it said. `ran` is the only good outcome."""

    outcome: Outcome
    reason: str
    blocks: int
    begun: int
    seconds: float = 0.0
    exit_code: int | None = None
    log: Path | None = None
    left: tuple[str, ...] = ()


def run_quickstart(
    blocks: Sequence[ShellBlock],
    sandbox: Sandbox,
    log: Path,
    *,
    ready: Callable[[], bool] | None = None,
    shell: str = "bash",
) -> QuickstartRun:
    """Run the blocks. With `ready`, a last block that serves in the foreground is good once it is ready.

    Raises: DrillImpossible when the shell cannot be started.
    """
    wanted = [block for block in blocks if not block.skipped]
    if not wanted:
        reasons = "; ".join(f"line {block.line}: {block.skipped}" for block in blocks)
        reason = f"it has no shell block to run{': ' if reasons else ''}{reasons}"
        return QuickstartRun(outcome="empty", reason=reason, blocks=0, begun=0)
    progress = log.with_suffix(".progress")
    progress.parent.mkdir(parents=True, exist_ok=True)
    progress.write_text("", encoding="utf-8")
    words = (shell, "-c", _script(wanted, progress.resolve()), "quickstart")
    with SandboxedCommand(sandbox, words, CommandLog(log)) as command:
        outcome, reason = _Watch(command, sandbox.seconds, wanted, progress, ready).until_decided()
        seconds, code = command.elapsed(), command.exit_code()
        ended = command.end()
    return QuickstartRun(
        outcome=outcome,
        reason=reason,
        blocks=len(wanted),
        begun=_begun(progress),
        seconds=seconds,
        exit_code=code,
        log=log,
        left=ended.left,
    )


def _script(blocks: Sequence[ShellBlock], progress: Path) -> str:
    """Each block behind a note that it begins; `set -e`, for a newcomer notices a failure and does not go on."""
    notes = (f"echo {block.number} >> {shlex.quote(str(progress))}\n" for block in blocks)
    parts = (
        f"{note}echo '# block {block.number}, line {block.line}'\n{block.script.rstrip()}\n"
        for note, block in zip(notes, blocks, strict=True)
    )
    return "set -e\n" + "".join(parts)


class _Watch:
    """Waits for whatever decides."""

    def __init__(
        self,
        command: SandboxedCommand,
        limit: float,
        blocks: Sequence[ShellBlock],
        progress: Path,
        ready: Callable[[], bool] | None,
    ) -> None:
        self._command, self._limit, self._blocks = command, limit, blocks
        self._progress, self._ready = progress, ready

    def until_decided(self) -> tuple[Outcome, str]:
        while True:
            code, begun = self._command.exit_code(), _begun(self._progress)
            if code not in (None, 0):
                return "failed", f"{self._place(begun)} ended with {code}: {self._last_words()}"
            if code == 0 and begun < len(self._blocks):
                return "failed", f"{self._place(begun)} ended the shell, so that no later block ran"
            if code == 0 and self._ready is None:
                return "ran", f"all {begun} blocks ran"
            if self._ready and begun == len(self._blocks) and self._ready():
                return "ran", f"all {begun} blocks ran, and the target is ready"
            if self._command.elapsed() >= self._limit:
                return "timeout", self._hung(begun, code)
            time.sleep(_POLL)

    def _hung(self, begun: int, code: int | None) -> str:
        if code == 0:
            return f"all {begun} blocks ran, and the target was not ready within {self._limit:g} s"
        words = self._last_words()
        return f"{self._place(begun)} did not end within {self._limit:g} s: {words}"

    def _place(self, begun: int) -> str:
        block = self._blocks[max(begun, 1) - 1]
        return f"block {block.number} at line {block.line}"

    def _last_words(self) -> str:
        self._command.log.settle()
        return self._command.log.tail()


def _begun(progress: Path) -> int:
    return progress.read_bytes().count(b"\n")
