"""One attempt: the command runs until the target is ready, it fails, or its time is over. Then everything is ended."""

import time
from pathlib import Path
from typing import Literal

import msgspec

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.command_log import CommandLog
from battery.readiness.bootstrap.process_tree import members
from battery.readiness.bootstrap.ready import ReadyProbe
from battery.readiness.bootstrap.sandbox import Sandbox, SandboxedCommand
from battery.readiness.bootstrap.steps import Step, steps_of
from battery.readiness.bootstrap.usage import Peaks, UsageSampler

_POLL = 0.1
Outcome = Literal["ready", "done", "failed", "timeout", "occupied"]


class Order(Frozen, frozen=True, kw_only=True):
    """What is tried, where, and which folders count as its disk."""

    sandbox: Sandbox
    command: tuple[str, ...]
    ready_url: str
    log: Path
    folders: tuple[Path, ...]
    settle: float = 60.0
    """How long a command that ended and left no process may still become ready: others may run what it started."""

    def logged(self, log: Path) -> "Order":
        """The same with another log."""
        return msgspec.structs.replace(self, log=log)


class Attempt(Frozen, frozen=True, kw_only=True):
    """How it went. `seconds` run to the ready answer, to the end of the command, or to the limit."""

    outcome: Outcome
    reason: str
    seconds: float
    exit_code: int | None = None
    log: Path | None = None
    log_cut: int = 0
    """Bytes that the log had no room for."""
    tail: str = ""
    steps: tuple[Step, ...] = ()
    peaks: Peaks | None = None
    killed: int = 0
    left: tuple[str, ...] = ()
    """Processes that outlived even SIGKILL."""

    @property
    def came_up(self) -> bool:
        """Whether it did what a bootstrap is for."""
        return self.outcome in ("ready", "done")


def attempt(order: Order) -> Attempt:
    """Try once.

    Raises: DrillImpossible when the command cannot be started.
    """
    with ReadyProbe(order.ready_url) as probe:
        if order.ready_url and probe.is_ready():
            reason = f"{order.ready_url} answers before the command was started, so nothing would be proven; stop what runs there"
            return Attempt(outcome="occupied", reason=reason, seconds=0.0)
        with SandboxedCommand(order.sandbox, order.command, CommandLog(order.log)) as command:
            sampler = UsageSampler(command.root, order.folders)
            try:
                outcome, reason = _watch(order, command, probe)
                seconds, code = command.elapsed(), command.exit_code()
            finally:
                peaks = sampler.stop()
            ended = command.end()
    return Attempt(
        outcome=outcome,
        reason=reason,
        seconds=seconds,
        exit_code=code,
        log=order.log,
        log_cut=command.log.cut,
        tail=command.log.tail(),
        steps=steps_of(command.log.lines(), seconds),
        peaks=peaks,
        killed=ended.killed,
        left=ended.left,
    )


def _watch(order: Order, command: SandboxedCommand, probe: ReadyProbe) -> tuple[Outcome, str]:
    """Until something is decided."""
    limit, ended_at = order.sandbox.seconds, 0.0
    while True:
        code = command.exit_code()
        if code not in (None, 0):
            command.log.settle()
            return "failed", f"the command ended with {code}: {command.log.tail()}"
        if code == 0 and not order.ready_url:
            return "done", "the command ended well, and no ready URL is given"
        if order.ready_url and probe.is_ready():
            return "ready", f"{order.ready_url} answered"
        if command.elapsed() >= limit:
            return "timeout", _hung(order, command, probe)
        if code == 0:
            ended_at = ended_at or command.elapsed()
            if command.elapsed() > ended_at + order.settle and not members(command.root):
                return (
                    "failed",
                    f"the command ended and left nothing running that could be ready ({probe.last})",
                )
        time.sleep(min(_POLL, max(limit - command.elapsed(), 0.0)))


def _hung(order: Order, command: SandboxedCommand, probe: ReadyProbe) -> str:
    waited = (
        f"{order.ready_url} is not ready ({probe.last})" if order.ready_url else "the command did not end"
    )
    return f"after {order.sandbox.seconds:g} s {waited}; its last words: {command.log.tail()}"
