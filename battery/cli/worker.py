"""worker: generate load here for a `battery load --master` on another machine."""

import argparse
import re
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from battery.cli.output import emit_json, say
from battery.cli.parser import duration
from battery.errors import BatteryError

if TYPE_CHECKING:
    from battery.load.control.words import Told

_PORT = 5557
_REFUSED = 64
_NOBODY = 75  # sysexits: try again
_PAUSE = 1.0


class NoMaster(BatteryError):
    """Nobody came to ask for load."""

    exit_code = 2


class Refused(BatteryError):
    """Master and worker do not fit together."""

    exit_code = _REFUSED


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
    add("--json", action="store_true", help="say nothing but how many masters and jobs there were, as JSON")
    parser.epilog = (
        "A master has one fleet for each profile, so a worker waits for the next one. Locust's protocol carries no "
        "authentication: use it in networks that you trust only. exit codes: 0 it served and the wait for the next "
        "master is over, 2 no master answered, 64 the master is of another version, 130 interrupted"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve one master after another until none comes."""
    from battery.version import version

    host, port = _address(arguments.master)
    # What the master calls its own: a report must not confuse the two.
    taken = re.fullmatch(r"master|all|w[0-9]*|", arguments.name)
    name = f"remote-{arguments.name}" if taken else arguments.name
    here = Here(quiet=arguments.json)
    here.say(
        f"worker {name}, battery {version()}: waits for a master at {host}:{port} for up to {arguments.wait:g} s"
    )
    _serve_all(arguments, here, host, port, name)
    if not here.masters:
        raise NoMaster(
            f"no master answered at {host}:{port} in {arguments.wait:g} s; is `battery load --master` running?"
        )
    if arguments.json:
        emit_json({"worker": name, "masters": here.masters, "jobs": here.jobs, "exit": 0})
    return 0


class Here:
    """What the person here is told, and what is counted for a script."""

    def __init__(self, *, quiet: bool) -> None:
        self.masters = self.jobs = 0
        self.refused = ""
        self._quiet, self._last = quiet, ""

    def say(self, text: str) -> None:
        """One line; the same one is not repeated at every try."""
        if not self._quiet and text != self._last:
            say(text)
        self._last = text

    def take(self, told: "Told") -> None:
        """A line of the worker process."""
        if told.what == "refused":
            self.refused = told.text
            return
        self.jobs += told.what == "ended"
        self.say(told.text)


def _serve_all(arguments: argparse.Namespace, here: Here, host: str, port: int, name: str) -> None:
    """One master after another, as long as one comes within the wait.

    Raises: Refused, BatteryError when the worker process fails.
    """
    until = time.monotonic() + arguments.wait
    while time.monotonic() < until:
        code = _serve(here, host, port, name) if _listens(host, port) else _NOBODY
        if code == 0:
            here.masters += 1
            if arguments.once:
                here.say("ends, as --once says")
                return
            here.say(f"waits for the next master at {host}:{port} for up to {arguments.wait:g} s")
            until = time.monotonic() + arguments.wait
        elif here.refused:
            raise Refused(here.refused)
        elif code != _NOBODY:
            raise BatteryError(f"its worker process ended with {code}")
        time.sleep(_PAUSE)
    here.say("ends: no other master came")


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), _PAUSE):
            return True
    except OSError:
        return False


def _serve(here: Here, host: str, port: int, name: str) -> int:
    """One worker process from its hello to its master's end; its exit code."""
    import msgspec

    from battery.load.control.words import Told

    command = [sys.executable, "-P", "-m", "battery.load.control.worker", "--end-with-stdin", "--tell"]
    options = ["--host", host, "--port", str(port), "--name", name]
    here.say(f"connects to {host}:{port}")
    with subprocess.Popen([*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            for line in process.stdout or ():
                try:
                    here.take(msgspec.json.decode(line, type=Told))
                except msgspec.DecodeError:
                    continue  # Locust prints now and then
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
