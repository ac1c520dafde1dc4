"""The reference target as a child process, for `battery certify --demo`."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from battery.errors import TargetUnreachable

READY_PATH = "/api/health/ready"
START_SECONDS = 10.0
STOP_SECONDS = 5.0
_POLL_SECONDS = 0.02
_LOG_LINES = 5


class ReferenceTarget:
    """Serves from `folder` on a free loopback port while the block runs; the folder stays afterwards."""

    def __init__(
        self, folder: Path, *, start_seconds: float = START_SECONDS, stop_seconds: float = STOP_SECONDS
    ) -> None:
        self.folder = folder
        self.log = folder / "reference.log"
        self.url = ""
        self._port_file = folder / "port"
        self._start_seconds, self._stop_seconds = start_seconds, stop_seconds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the service, 0 outside the block."""
        return self._process.pid if self._process else 0

    def __enter__(self) -> Self:
        """Start the service and wait until it is ready.

        Raises: TargetUnreachable with the end of its log when it is not ready in time.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._port_file.unlink(missing_ok=True)
        try:
            self._process = self._start()
            self.url = self._wait_until_ready(self._process)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the service, gently first."""
        self._stop()

    def _start(self) -> subprocess.Popen[bytes]:
        arguments = ["--data", str(self.folder / "data"), "--port-file", str(self._port_file)]
        arguments += ["--end-with-stdin"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                # -P: whatever lies in the current folder is not imported.
                [sys.executable, "-P", "-m", "battery.reference", *arguments],
                # Nothing is ever written: the pipe's end tells the service that the battery is gone.
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=_environment(),
                # Ctrl-C in a terminal reaches the battery alone; it decides when its target stops.
                start_new_session=True,
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> str:
        deadline = time.monotonic() + self._start_seconds
        while time.monotonic() < deadline:
            port = _port_in(self._port_file)
            if port is not None and _is_ready(port):
                return f"http://127.0.0.1:{port}"
            if _ended_within(process, _POLL_SECONDS):
                raise self._unreachable(f"ended with {process.returncode} before it was ready")
        raise self._unreachable(f"was not ready within {self._start_seconds:g} s")

    def _unreachable(self, what: str) -> TargetUnreachable:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
        return TargetUnreachable(f"the reference target {what}: {' | '.join(lines) or 'its log is empty'}")

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.terminate()
            process.wait(self._stop_seconds)
        except subprocess.TimeoutExpired:
            pass  # killed below
        finally:
            # Also when a second Ctrl-C ends the wait: nothing is left running.
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


def demo_definition_toml(url: str, source: Path) -> str:
    """The text of a battery.toml that describes the reference target at `url`, made from `source`."""
    return f"""\
[target]
url = {_toml_string(url)}
live = "/api/health/live"
ready = "{READY_PATH}"
status = "/api/health/status"
metrics = "/metrics"
identity = {{ path = "/version", json = "commit" }}

[[endpoint]]
name = "status"
path = "/api/health/status"
weight = 3
class = "light"
expect = {{ status = [200], body_contains = "ok" }}

[[endpoint]]
name = "orders"
path = "/api/orders?limit=20"
weight = 3
class = "light"
expect = {{ status = [200], body_contains = "orders" }}

[[endpoint]]
name = "report"
path = "/api/report"
weight = 1
class = "heavy"
expect = {{ status = [200], body_contains = "revenue_cents" }}

[source]
path = {_toml_string(str(source))}
"""


def _environment() -> dict[str, str]:
    """Ours, with this very package found first: also from a checkout that is not installed."""
    root = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, inherited] if inherited else [root])}


def _ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _port_in(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2.0)
    try:
        connection.request("GET", READY_PATH)
        with connection.getresponse() as response:
            return response.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _toml_string(text: str) -> str:
    escaped = "".join(rf"\u{ord(c):04X}" if ord(c) < 0x20 or c in '"\\\x7f' else c for c in text)
    return f'"{escaped}"'
