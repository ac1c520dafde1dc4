"""`python -m battery.chaos.toxiproxy.guard SERVER`: a real toxiproxy-server under a lease, which it does not know itself.

The guard starts it on a free loopback port and prints the port. When its standard input ends, because the battery is gone,
it resets the server, lets it go on for `linger` seconds, and ends it. The server never outlives the guard.
"""

import argparse
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

_READY_SECONDS = 10.0
_ATTEMPTS = 3
_PARENT_DEATH_SIGNAL = 1
_LINGER_SECONDS = 30.0


def main() -> int:
    """Start, announce, watch, end."""
    parser = argparse.ArgumentParser(prog="python -m battery.chaos.toxiproxy.guard")
    parser.add_argument("server")
    parser.add_argument("--linger", type=float, default=_LINGER_SECONDS)
    arguments = parser.parse_args()
    for _ in range(_ATTEMPTS):
        port = _free_port()
        process = _start(arguments.server, port)
        if _ready(process, port):
            break
        _end(process)
    else:
        sys.stderr.write(f"{arguments.server} does not answer on any of {_ATTEMPTS} free ports\n")
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    threading.Thread(target=_watch, args=(port, arguments.linger, stop), daemon=True).start()
    threading.Thread(target=_outlive, args=(process, stop), daemon=True).start()
    stop.wait()
    _end(process)
    return 0


def _start(server: str, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [server, "-host", "127.0.0.1", "-port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,  # safe: this process has one thread yet
    )


def _die_with_parent() -> None:
    """Also when the guard itself is killed."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux only
    if prctl is not None:
        prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _ready(process: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with _open(urllib.request.Request(f"http://127.0.0.1:{port}/version")) as answer:
                return "version" in json.load(answer)
        except (OSError, ValueError):
            time.sleep(0.02)
    return False


def _watch(port: int, linger: float, stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass  # nothing is said here; only the end counts
    try:
        _open(urllib.request.Request(f"http://127.0.0.1:{port}/reset", method="POST")).close()
    except OSError as error:
        sys.stderr.write(f"toxiproxy: the server cannot be reset: {error}\n")
    stop.wait(linger)
    stop.set()


def _outlive(process: subprocess.Popen[bytes], stop: threading.Event) -> None:
    """A server that ends by itself leaves nothing to guard."""
    process.wait()
    stop.set()


def _open(request: urllib.request.Request) -> "urllib.request._UrlopenRet":
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(request, timeout=5)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
