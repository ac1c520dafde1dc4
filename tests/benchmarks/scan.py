"""The source scans over a tree of some 5,000 files against `bandit -r` and then `detect-secrets scan`, in turns, same cores.

The tree is the development environment's site-packages, without what is compiled or made by Python. What the two tools
report must be what we report, or the times would compare different work.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from battery.scan.source.code.scan import scan_code
from battery.scan.source.pool import Pool
from battery.scan.source.secrets.scan import scan_secrets
from battery.scan.source.tree import tree_of
from tests.integration.scan.peers import bandit_command, detect_secrets_command

TURNS, RESCANS = 2, 5
BAR, RESCAN_BAR = 3.0, 20.0
KEY = b"a key of the benchmark"
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.so", "*.so.*", "*.exe")


def main() -> None:
    """Print the table."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="battery-scan-") as folder:
        tree, cache = Path(folder, "tree"), Path(folder, "cache")
        # pytest stands in the same site-packages as all that the environment holds.
        shutil.copytree(Path(pytest.__file__).parents[1], tree, ignore=_LEFT_OUT)
        files = tree_of(tree).files
        taken: dict[str, list[float]] = {
            "bandit": [],
            "detect-secrets": [],
            "battery": [],
            "battery again": [],
        }
        ours = (0, 0)
        for _ in range(TURNS):
            theirs = _peers(tree, Path(folder), taken)
            shutil.rmtree(cache, ignore_errors=True)
            ours = _timed(tree, cores, cache, taken["battery"])
            if ours != theirs:
                raise SystemExit(f"bandit and detect-secrets find {theirs}, the battery {ours}")
        for _ in range(RESCANS):
            if _timed(tree, cores, cache, taken["battery again"]) != ours:
                raise SystemExit("the battery finds something else the second time")
    size = sum(file.size for file in files) / 1e6
    print(
        f"\nsource scan, {len(files)} files of {size:.0f} MB, {cores} cores (median of {TURNS}, again {RESCANS})"
    )
    _print(taken)


def _print(taken: dict[str, list[float]]) -> None:
    middle = {name: statistics.median(seconds) for name, seconds in taken.items()}
    peers = middle["bandit"] + middle["detect-secrets"]
    rows = {**middle, "bandit, then detect-secrets": peers}
    for name, seconds in rows.items():
        print(f"  {name:<28} {seconds:>8.2f} s {peers / seconds:>9.1f}x")
    print(f"  faster than both: {peers / middle['battery']:.1f}x (bar {BAR:.0f}x)")
    print(
        f"  again, than at first: {middle['battery'] / middle['battery again']:.1f}x (bar {RESCAN_BAR:.0f}x)"
    )


def _peers(tree: Path, folder: Path, taken: dict[str, list[float]]) -> tuple[int, int]:
    """How many findings the tools have; their times are added."""
    began = time.perf_counter()
    report = folder / "bandit.json"
    subprocess.run(bandit_command(str(report)), cwd=tree, check=False, capture_output=True)
    taken["bandit"].append(time.perf_counter() - began)
    began = time.perf_counter()
    done = subprocess.run(detect_secrets_command(), cwd=tree, check=True, capture_output=True, text=True)
    taken["detect-secrets"].append(time.perf_counter() - began)
    leaks = json.loads(done.stdout)["results"]
    return len(json.loads(report.read_text())["results"]), len(leaks)


def _timed(tree: Path, cores: int, cache: Path, taken: list[float]) -> tuple[int, int]:
    """One scan with its own walk and its own workers, as a command would do it; how many findings, files with secrets."""
    began = time.perf_counter()
    with Pool(workers=cores, key=KEY, cache=cache) as pool:
        walked = tree_of(tree)
        code, secrets = scan_code(walked, pool), scan_secrets(walked, pool)
    taken.append(time.perf_counter() - began)
    if code.incomplete or secrets.incomplete:
        sys.exit(f"incomplete: {code.incomplete} {secrets.incomplete}")
    return len(code.found), len({found.where for found in secrets.found})


if __name__ == "__main__":
    main()
