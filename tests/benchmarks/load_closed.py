"""Closed loop, 16 users, one nginx: requests/s of one generator process against its peers, taken in turns.

Each counts its latencies and checks the answers, as far as it can: wrk and hey only look at the status. What each
claims to have been answered must be what nginx counted, or the table would compare lies.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.load_nginx import Nginx, nginx
from tests.integration.load.driving import drive, endpoint, job, with_users

ASSETS = Path(__file__).parents[1] / "assets/load"
TOOLS = Path(os.environ.get("BATTERY_TOOLS", Path.home() / ".cache/hardening-battery/tools")) / "bin"
USERS, SECONDS, TURNS = 16, 3, 5
BARS = {"Locust FastHttpUser": 6.0, "hey": 1.0, "k6": 3.0, "wrk": 0.5}
# Requests in flight when a peer stops, and its own start: nginx knows of more than the peer counts.
_TOLERATED = 0.02


def main() -> None:
    """Print the table."""
    peers = {name: run for name, run in PEERS.items() if name == "battery" or _command(name)}
    rates: dict[str, list[float]] = {name: [] for name in peers}
    with nginx() as target:
        for turn in range(TURNS + 1):
            for name, run in peers.items():
                before = target.served()
                count, seconds = run(target)
                served = target.served() - before - 1
                if (
                    not count
                    or not count * (1 - _TOLERATED) <= served <= count * (1 + _TOLERATED) + USERS * 2
                ):
                    raise SystemExit(f"{name} counts {count} answers, nginx {served}")
                if turn:
                    rates[name].append(count / seconds)
    print(f"\nclosed loop, {USERS} users, one nginx process ({TURNS} interleaved runs of {SECONDS} s)")
    print(f"  {'client':<22} {'min':>9} {'median':>9} {'max':>9} {'battery is':>12} {'bar':>7}")
    ours = statistics.median(rates["battery"])
    for name, found in rates.items():
        row = " ".join(f"{value:>9,.0f}" for value in (min(found), statistics.median(found), max(found)))
        bar = f"{BARS[name]:.1f}x" if name in BARS else ""
        print(f"  {name:<22} {row} {ours / statistics.median(found):>11.2f}x {bar:>7}")
    for name in PEERS.keys() - peers.keys():
        print(f"  {name} is not installed")


def _command(name: str) -> str | None:
    if name == "Locust FastHttpUser":
        return str(Path(sys.executable).with_name("locust"))
    return shutil.which(name) or shutil.which(name, path=TOOLS)


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode != 0:
        raise SystemExit(
            f"{command[0]} exits with {done.returncode}:\n{done.stdout[-500:]}{done.stderr[-1500:]}"
        )
    return done.stdout


def _battery(target: Nginx) -> tuple[int, float]:
    wanted = (endpoint(body_contains=b"hello"),)
    found = drive(job(target.port, with_users(USERS, SECONDS), endpoints=wanted))
    ledger = found.tally.ledger()
    if found.code or ledger.failed or ledger.imbalance():
        raise SystemExit(f"battery: {found.complaint} {ledger} {found.errors}")
    return ledger.ok, SECONDS


def _locust(target: Nginx) -> tuple[int, float]:
    options = [
        "--headless",
        "--only-summary",
        "--json",
        "--loglevel",
        "ERROR",
        "-u",
        str(USERS),
        "-r",
        "1000",
    ]
    text = _output(
        str(_command("Locust FastHttpUser")),
        *[
            "-f",
            str(ASSETS / "fast_user.py"),
            "--host",
            target.url.rstrip("/"),
            "-t",
            f"{SECONDS}s",
            *options,
        ],
    )
    (entry,) = json.loads(text[text.index("[") :])
    if entry["num_failures"]:
        raise SystemExit(f"Locust: {entry['num_failures']} failures")
    return entry["num_requests"], entry["last_request_timestamp"] - entry["start_time"]


def _hey(target: Nginx) -> tuple[int, float]:
    text = _output(str(_command("hey")), "-z", f"{SECONDS}s", "-c", str(USERS), target.url)
    statuses = re.findall(r"\[(\d+)\]\s+(\d+) responses", text)
    if [status for status, _ in statuses] != ["200"]:
        raise SystemExit(f"hey: {text[-500:]}")
    total = re.search(r"Total:\s+([0-9.]+) secs", text)
    assert total is not None
    return int(statuses[0][1]), float(total[1])


def _wrk(target: Nginx) -> tuple[int, float]:
    text = _output(
        str(_command("wrk")), "-t", "1", "-c", str(USERS), "-d", f"{SECONDS}s", "--latency", target.url
    )
    total = re.search(r"(\d+) requests in ([0-9.]+)s", text)
    if total is None or "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"wrk: {text}")
    return int(total[1]), float(total[2])


def _k6(target: Nginx) -> tuple[int, float]:
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder, "summary.json")
        _output(
            *[str(_command("k6")), "run", "--quiet", "--no-usage-report", "--vus", str(USERS)],
            *["--duration", f"{SECONDS}s", "--summary-export", str(summary), "-e", f"TARGET={target.url}"],
            str(ASSETS / "closed.k6.js"),
        )
        metrics = json.loads(summary.read_text())["metrics"]
    if metrics["checks"]["fails"]:
        raise SystemExit(f"k6: {metrics['checks']}")
    return metrics["http_reqs"]["count"], metrics["http_reqs"]["count"] / metrics["http_reqs"]["rate"]


PEERS: dict[str, Callable[[Nginx], tuple[int, float]]] = {
    "battery": _battery,
    "Locust FastHttpUser": _locust,
    "hey": _hey,
    "k6": _k6,
    "wrk": _wrk,
}

if __name__ == "__main__":
    main()
