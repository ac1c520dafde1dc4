"""`python -m tests.defects.killed [SCENARIO …]`: SIGKILL in the middle of each scenario, and what is left two seconds later.

The target is one that the battery did not start, wherever the scenario allows that: it must go on as if nothing had been.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil

from battery.chaos.undo.steps import OWN_FILE
from battery.load.fleet import free_port
from battery.model.definition import SCENARIOS
from battery.reference.demo import ReferenceTarget, demo_definition_toml, demo_process_toml
from battery.reference.demo_dependency import ReferenceDependency

_STARTED_BY_US = ("dependency", "database", "restart")  # the battery must start the target, or restart it
_MARKS = ("fault stands", "recovering for")
_PATIENCE = 180.0
_AFTER = 2.0
_FAILED = "the next start failed, or did not tell what was undone"


def main() -> int:
    """Kill each once; exits 1 where anything was left."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scenarios", nargs="*", default=list(SCENARIOS))
    results = [_row(scenario) for scenario in parser.parse_args().scenarios]
    return 0 if all(results) else 1


def _row(scenario: str) -> bool:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="battery-killed-")))
        process, target = _begin(scenario, folder, stack)
        when = _wait(scenario, folder, process)
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        time.sleep(_AFTER)
        left = [*_left(family, folder), *(_of_target(target) if target else [])]
        told = _next_start(folder)
    print(
        f"{scenario:12} killed at {when!r}; left after {_AFTER:g} s: {', '.join(left) or 'nothing'}; {told}",
        flush=True,
    )
    return not left and told != _FAILED


def _begin(
    scenario: str, folder: Path, stack: ExitStack
) -> "tuple[subprocess.Popen[bytes], psutil.Process | None]":
    dependency = stack.enter_context(ReferenceDependency(folder))
    target: psutil.Process | None = None
    if scenario in _STARTED_BY_US:
        port = free_port("127.0.0.1")
        text = demo_definition_toml(f"http://127.0.0.1:{port}", folder)
        text += demo_process_toml(port, folder, dependency.address)
    else:
        served = stack.enter_context(ReferenceTarget(folder / "served"))
        target = psutil.Process(served.worker_pid)
        text = demo_definition_toml(served.url, folder)
        text += f'[process]\npid_file = "{folder}/served/pid"\ndata = "{folder}/served/data"\n'
    (folder / "battery.toml").write_text(text)
    command = [sys.executable, "-m", "battery", "chaos", "--scenario", scenario, "--intensity", "standard"]
    process = stack.enter_context(
        subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL, env={**os.environ, "CI": "true"})
    )
    return process, target


def _wait(scenario: str, folder: Path, process: "subprocess.Popen[bytes]") -> str:
    """Until a fault of this scenario stands, or its recovery is watched where it is over at once; the control's null fault is none."""
    events = folder / "artifacts" / "latest" / "progress.jsonl"
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        lines = events.read_text().splitlines() if events.exists() else []
        said = "".join(line for line in lines if f'"chaos.{scenario}"' in line)
        for mark in _MARKS:
            if mark in said:
                return mark
        time.sleep(0.05)
    raise RuntimeError(f"no fault was seen; the run came to {process.poll()}")


def _left(family: list[psutil.Process], folder: Path) -> Iterator[str]:
    for process in family:
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            yield f"process {process.pid} ({process.name()})"
    yield from (f"file {path.name}" for path in folder.rglob(f"{OWN_FILE}*"))


def _of_target(target: psutil.Process) -> Iterator[str]:
    if not target.is_running() or target.status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE):
        yield f"the target is {target.status() if target.is_running() else 'gone'}"
    elif target.rlimit(psutil.RLIMIT_NOFILE) != resource.getrlimit(resource.RLIMIT_NOFILE):
        yield f"a lowered limit {target.rlimit(psutil.RLIMIT_NOFILE)}"


def _next_start(folder: Path) -> str:
    """What the next start tells of what was undone."""
    command = [sys.executable, "-m", "battery", "chaos", "--scenario", "network", "--dry-run"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    journals = list((folder / "artifacts" / "state" / "undo").glob("undo-*"))
    told = [line for line in done.stderr.splitlines() if "undone by the watchdog" in line]
    if done.returncode or journals or not told:
        return _FAILED
    return f"the next start tells of {len(told)}: {told[0]}"


if __name__ == "__main__":
    sys.exit(main())
