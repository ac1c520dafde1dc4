"""What a proxy costs: wrk through the embedded server, through the original, and past both, to the same nginx in one run.

Then how exact the embedded server's latency and bandwidth are. The original is left out where it is not installed.
"""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from battery.chaos.toxiproxy.discovery import PROGRAM, Server, toxiproxy
from tests.benchmarks.load_nginx import nginx

TOOLS = Path(os.environ.get("BATTERY_TOOLS", Path.home() / ".cache/hardening-battery/tools"))
REAL = shutil.which(PROGRAM) or shutil.which(PROGRAM, path=TOOLS / "bin")
ROUNDS = 5
SECONDS = 2
CONNECTIONS = (1, 16, 64)
_FACTORS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


def main() -> None:
    """Print the tables."""
    if shutil.which("wrk") is None:
        print("\nwrk is not installed: nothing drives the proxies")
        return
    with nginx() as target, contextlib.ExitStack() as stack:
        servers = {"embedded": stack.enter_context(toxiproxy(program=None))}
        if REAL is not None:
            servers["toxiproxy-server"] = stack.enter_context(toxiproxy(program=REAL))
        upstream = f"127.0.0.1:{target.port}"
        ways = {"direct": upstream} | {
            name: server.client.create("bench", upstream).listen for name, server in servers.items()
        }
        for connections in CONNECTIONS:
            _pass_through(ways, connections)
        _exactness(servers)


def _pass_through(ways: dict[str, str], connections: int) -> None:
    """Requests a second and median latency of each way, taken in turns so that a noisy machine is noisy for all."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    medians: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, address in ways.items():
            rate, median = _wrk(address, connections)
            rates[name].append(rate)
            medians[name].append(median)
    direct, peer = statistics.median(medians["direct"]), rates.get("toxiproxy-server")
    print(f"\npass-through, {connections} connections ({ROUNDS} rounds of {SECONDS} s in turns, medians)")
    print(f"  {'way':<20} {'requests/s':>12} {'p50':>10} {'added p50':>10} {'ratio to toxiproxy-server':>27}")
    for name in ways:
        rate, median = statistics.median(rates[name]), statistics.median(medians[name])
        ratio = f"{rate / statistics.median(peer):.2f}x" if peer else "-"
        print(f"  {name:<20} {rate:>12.0f} {median:>7.3f} ms {median - direct:>7.3f} ms {ratio:>27}")


def _wrk(address: str, connections: int) -> tuple[float, float]:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", f"http://{address}/"]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    if "Socket errors" in told or "Non-2xx" in told:
        raise SystemExit(f"wrk through {address} failed:\n{told}")
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    median = re.search(r"50%\s+([0-9.]+)(us|ms|s)", told)
    if rate is None or median is None:
        raise SystemExit(f"wrk says something else than expected:\n{told}")
    return float(rate[1]), float(median[1]) * _FACTORS[median[2]]


def _exactness(servers: dict[str, Server]) -> None:
    """A latency of 100 ms and a bandwidth of 1000 KB/s as a client sees them."""
    print("\nexactness (latency of 100 ms, 50 times; bandwidth of 1000 KB/s over 1 MB)")
    print(f"  {'way':<20} {'median delay':>14} {'min':>11} {'max':>11} {'rate':>16}")
    with _echo() as upstream:
        for name, server in servers.items():
            listen = server.client.create("exact", upstream).listen
            server.client.add_toxic("exact", "latency", {"latency": 100}, name="l", stream="upstream")
            delays = _delays(listen, 50)
            server.client.remove_toxic("exact", "l")
            server.client.add_toxic("exact", "bandwidth", {"rate": 1000}, name="b", stream="upstream")
            rate = _rate(listen, 1_000_000)
            row = (statistics.median(delays), min(delays), max(delays))
            told = " ".join(f"{each * 1000:>8.3f} ms" for each in row)
            print(f"  {name:<20}    {told} {rate / 1000:>11.1f} KB/s")


def _delays(listen: str, count: int) -> list[float]:
    with _connected(listen) as client:
        taken: list[float] = []
        for _ in range(count):
            began = time.perf_counter()
            client.sendall(b"x")
            client.recv(1)
            taken.append(time.perf_counter() - began)
    return taken


def _rate(listen: str, size: int) -> float:
    with _connected(listen) as client:
        began, left = time.perf_counter(), size
        threading.Thread(target=client.sendall, args=(b"x" * size,), daemon=True).start()
        while left:
            left -= len(client.recv(65536))
        return size / (time.perf_counter() - began)


@contextlib.contextmanager
def _connected(listen: str) -> Iterator[socket.socket]:
    host, _, port = listen.rpartition(":")
    with socket.create_connection((host, int(port)), 30) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield client


@contextlib.contextmanager
def _echo() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            accepted, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_send_back, args=(accepted,), daemon=True).start()


def _send_back(accepted: socket.socket) -> None:
    with accepted, contextlib.suppress(OSError):
        while data := accepted.recv(65536):
            accepted.sendall(data)


if __name__ == "__main__":
    main()
