"""worker: generate load here for a `battery load --master` on another machine."""

import argparse
import re
import socket
import subprocess
import sys
import time

from battery.cli.output import say
from battery.cli.parser import duration

_PORT = 5557
_NOBODY = 75  # sysexits: try again
_PAUSE = 1.0


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add(
        "--master",
        required=True,
        metavar="HOST[:PORT]",
        help=f"where the master listens (default port: {_PORT})",
    )
    add(
        "--name",
        default=socket.gethostname(),
        help="what reports call this worker (default: this host's name)",
    )
    add(
        "--wait",
        type=duration,
        default=600.0,
        metavar="10min",
        help="how long to wait for a master, and for the next one (default: 10 min)",
    )
    add("--once", action="store_true", help="end with the first master instead of waiting for the next")
    parser.epilog = (
        "A master has one fleet for each profile, so a worker waits for the next one. Locust's protocol carries no "
        "authentication: use it in networks that you trust only. exit codes: 0 it served and the wait for the next "
        "master is over, 2 no master answered, 64 the master is of another version, 130 interrupted"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve one master after another until none comes."""
    host, port = _address(arguments.master)
    # What the master calls its own: a report must not confuse the two.
    taken = re.fullmatch(r"master|all|w[0-9]*|", arguments.name)
    name = f"remote-{arguments.name}" if taken else arguments.name
    served = False
    until = time.monotonic() + arguments.wait
    say(f"waits for a master at {host}:{port}")
    while time.monotonic() < until:
        code = _serve(host, port, name) if _listens(host, port) else _NOBODY
        if code == 0:
            served = True
            say("a master came and went")
            if arguments.once:
                return 0
            until = time.monotonic() + arguments.wait
        elif code != _NOBODY:
            return code
        time.sleep(_PAUSE)
    if served:
        return 0
    say(
        f"battery worker: no master answered at {host}:{port} in {arguments.wait:g} s; is `battery load --master` running?"
    )
    return 2


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), _PAUSE):
            return True
    except OSError:
        return False


def _serve(host: str, port: int, name: str) -> int:
    """One worker process from its hello to its master's end; its exit code."""
    command = [sys.executable, "-P", "-m", "battery.load.control.worker"]
    options = ["--host", host, "--port", str(port), "--name", name, "--end-with-stdin"]
    with subprocess.Popen([*command, *options], stdin=subprocess.PIPE) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise


def _address(text: str) -> tuple[str, int]:
    """The host and the port in HOST, HOST:PORT or [IPV6]:PORT.

    Raises: UsageError.
    """
    from battery.errors import UsageError

    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(_PORT)
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise UsageError(f"--master {text}: expected HOST or HOST:PORT")
    return host.strip("[]"), int(port)
