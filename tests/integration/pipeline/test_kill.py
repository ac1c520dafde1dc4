"""SIGKILL at any moment of a run: never a certificate without its evidence, and --resume always completes."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import msgspec
import pytest

from battery.cli import main
from battery.model.event import AnyEvent, RunFinished
from tests.fakes.commands import finished, run, start

MOMENTS, SEED = 50, 20260301
KEY = ("--key", "battery.key")
BASELINE = ("certify", "--baseline", *KEY)
# Counts the writes that reach the disk, and ends the process in the middle of the one that is asked for.
DIES_AT_A_WRITE = """
import os, signal, sys
from battery.cli import main
real, count, last = os.fsync, 0, int(sys.argv[1])
def fsync(descriptor):
    global count
    count += 1
    if count == last:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
os.fsync = fsync
code = main(sys.argv[2:])
print(count)
sys.exit(code)
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["keygen"]) == 0
    return tmp_path


def verified(folder: Path) -> int:
    """What the verifier says of the certificate, all its evidence, and its place in the ledger."""
    words = ["verify", str(folder / "certificate.json"), "--key", "battery.pub", "--accept-baseline"]
    return main([*words, "--evidence", str(folder), "--ledger", str(folder.parent / "ledger.jsonl")])


def examine(folder: Path) -> str:
    """What a kill left, which must be the truth; afterwards the run is complete."""
    if not (folder / "plan.json").exists():
        assert not (folder / "certificate.json").exists()
        return "unplanned"  # nothing was decided yet, so there is nothing to resume
    state = "open"
    if (folder / "certificate.json").exists():
        assert verified(folder) == 0
        state = "certified"
    assert main(["certify", "--resume", str(folder), *KEY]) == 0
    assert verified(folder) == 0
    lines = (folder / "progress.jsonl").read_bytes().splitlines()
    assert isinstance([msgspec.json.decode(line, type=AnyEvent) for line in lines][-1], RunFinished)
    return state


def runs(here: Path) -> set[Path]:
    return set((here / "artifacts").glob("2*"))


def phases(here: Path) -> tuple[float, float]:
    """How long a run takes to its plan and to its certificate when nobody kills it."""
    times = []
    for _ in range(3):
        began = time.time()
        assert run(*BASELINE, cwd=here).code == 0
        latest = here / "artifacts/latest"
        times.append([(latest / name).stat().st_mtime - began for name in ("plan.json", "certificate.json")])
    return median(plan for plan, _ in times), median(certificate for _, certificate in times)


def moments(planned: float, certified: float) -> list[float]:
    """Seeded: half over the whole process, half from the plan to just after the certificate."""
    draw = random.Random(SEED)
    spread = [draw.uniform(0, certified * 1.1) for _ in range(MOMENTS // 2)]
    return spread + [draw.uniform(planned, certified * 1.03) for _ in range(MOMENTS - len(spread))]


def kill_after(here: Path, seconds: float) -> str:
    """Begin a run, kill it, and examine what it left."""
    before = runs(here)
    with start(*BASELINE, cwd=here) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        said = finished(process)
    assert said.code in (0, -signal.SIGKILL), said.err
    made = runs(here) - before
    assert len(made) <= 1
    state = examine(made.pop()) if made else "unplanned"
    return f"ended, {state}" if said.code == 0 else state


def test_a_kill_at_any_moment_leaves_the_truth_and_a_run_that_completes(here: Path) -> None:
    planned, certified = phases(here)
    states = [kill_after(here, seconds) for seconds in moments(planned, certified)]
    assert main(["history", "--verify", "--key", "battery.pub"]) == 0
    tally = {state: states.count(state) for state in sorted(set(states))}
    print(
        f"planned after {planned:.2f} s, certified after {certified:.2f} s; {len(states)} kills left: {tally}"
    )
    assert tally["open"] >= MOMENTS // 10
    assert "ended, open" not in tally


def test_a_kill_in_the_middle_of_any_write_does_too(here: Path) -> None:
    """The writes of signing and of the ledger are done too fast for a clock to hit."""
    writes = int(die_at(here, 0).stdout)
    steps = [*range(1, writes - 16, max(writes // 12, 1)), *range(writes - 16, writes + 1)]
    states = []
    for step in steps:
        before = runs(here)
        assert die_at(here, step).returncode == -signal.SIGKILL
        states += [examine(folder) for folder in runs(here) - before]
        assert main(["history", "--verify", "--key", "battery.pub"]) == 0
    print(f"a run writes {writes} times; killed at {len(steps)} of them: {states}")
    assert set(states) == {"unplanned", "open", "certified"}


def test_a_kill_while_the_throw_away_key_is_made_leaves_rehearsals_that_work(here: Path) -> None:
    rehearsal = ("certify", "--baseline", "--out", "rehearsed")
    for write in range(1, 9):
        assert die_at(here, write, rehearsal).returncode == -signal.SIGKILL
        for folder in (here / "rehearsed").glob("2*"):
            if (folder / "plan.json").exists():
                assert main(["certify", "--resume", str(folder)]) == 0
    assert main(list(rehearsal)) == 0


def die_at(here: Path, write: int, words: tuple[str, ...] = BASELINE) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", DIES_AT_A_WRITE, str(write), *words],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
