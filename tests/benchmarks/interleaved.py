"""Whole-process timings of several commands, taken in turns so that a noisy machine is noisy for all of them."""

import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROUNDS = 9


def time_in_turns(
    commands: Mapping[str, Sequence[str]],
    folder: Path,
    allowed: Mapping[str, Sequence[int]],
    rounds: int = ROUNDS,
) -> dict[str, list[float]]:
    """Seconds of each run of each command, after one round that does not count; each must exit 0 or as allowed."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            done = subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True)
            if turn:
                taken[name].append(time.perf_counter() - began)
            elif done.returncode not in allowed.get(name, (0,)):
                # A command that fails early is fast: its time would be a lie.
                raise SystemExit(f"{name} exits with {done.returncode}:\n{done.stderr}")
    return taken


def print_table(title: str, taken: Mapping[str, Sequence[float]], peer: str) -> None:
    """Minimum, median, maximum, and the ratio of medians to the peer."""
    print(f"\n{title} ({len(taken[peer])} interleaved runs)")
    print(f"  {'command':<36} {'min':>9} {'median':>9} {'max':>9} {'ratio to ' + peer:>24}")
    reference = statistics.median(taken[peer])
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        row = " ".join(f"{value * 1000:>6.0f} ms" for value in (min(seconds), median, max(seconds)))
        print(f"  {name:<36} {row} {median / reference:>23.2f}x")
