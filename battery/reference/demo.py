"""The reference target as a child process, for `battery certify --demo`."""

import http.client
import ssl
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from battery.errors import TargetUnreachable
from battery.reference.child import Child, number_in
from battery.reference.defects.catalogue import checked
from battery.reference.tls.certificates import AUTHORITY, CertificateFiles
from battery.reference.tls.choosing import FOLDER as TLS_FOLDER
from battery.reference.tls.choosing import speaks_tls

READY_PATH = "/api/health/ready"
START_SECONDS = 10.0
STOP_SECONDS = 5.0
_POLL_SECONDS = 0.02


class ReferenceTarget:
    """Serves from `folder` on a free loopback port while the block runs; the folder stays afterwards."""

    def __init__(
        self,
        folder: Path,
        *,
        defects: Iterable[str] = (),
        supervised: bool = False,
        environment: Mapping[str, str] | None = None,
        certificate: CertificateFiles | None = None,
        start_seconds: float = START_SECONDS,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """`environment` is where DATABASE_URL, DEPENDENCY_ADDRESS and REFERENCE_… are given; ours are not inherited.
        With a `certificate` it serves HTTPS, and with a defect of TLS too: `authority` is then whom to trust.

        Raises: UnknownDefect when one of `defects` is not in the catalogue.
        """
        self.folder, self.defects, self.supervised = folder, tuple(map(checked, defects)), supervised
        self.environment = dict(environment or {})
        self.log = folder / "reference.log"
        self.url = ""
        self._certificate = certificate
        self._tls = speaks_tls(certificate.certificate if certificate else None, self.defects)
        self._port_file, self._pid_file = folder / "port", folder / "pid"
        self._start_seconds, self._stop_seconds = start_seconds, stop_seconds
        self._child: Child | None = None

    @property
    def pid(self) -> int:
        """The process id of the service, or of its supervisor; 0 outside the block."""
        return self._child.pid if self._child else 0

    @property
    def authority(self) -> Path:
        """The authority whose certificate is served, where TLS is."""
        own = self.folder / "data" / TLS_FOLDER / AUTHORITY
        return self._certificate.authority if self._certificate else own

    @property
    def worker_pid(self) -> int:
        """The process id of who serves, which changes when a supervisor restarts it; 0 outside the block."""
        return (number_in(self._pid_file) or 0) if self._child else 0

    def __enter__(self) -> Self:
        """Start the service and wait until it is ready.

        Raises: TargetUnreachable with the end of its log when it is not ready in time.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._port_file.unlink(missing_ok=True)
        try:
            self._child = self._start()
            self.url = self._wait_until_ready(self._child)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the service, gently first."""
        self._stop()

    def _start(self) -> Child:
        module = "battery.reference.supervisor" if self.supervised else "battery.reference"
        arguments = ["--data", str(self.folder / "data"), "--port-file", str(self._port_file)]
        arguments += ["--pid-file", str(self._pid_file), *(f"--defect={name}" for name in self.defects)]
        if self._certificate:
            arguments += ["--tls-cert", str(self._certificate.certificate)]
            arguments += ["--tls-key", str(self._certificate.key)]
        return Child(module, arguments, self.environment, self.log)

    def _wait_until_ready(self, child: Child) -> str:
        deadline = time.monotonic() + self._start_seconds
        while time.monotonic() < deadline:
            port = number_in(self._port_file)
            if port is not None and _is_ready(port, tls=self._tls):
                return f"http{'s' if self._tls else ''}://127.0.0.1:{port}"
            if child.ended_within(_POLL_SECONDS):
                raise _unreachable(child, f"ended with {child.process.returncode} before it was ready")
        raise _unreachable(child, f"was not ready within {self._start_seconds:g} s")

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.stop(self._stop_seconds)


def demo_definition_toml(url: str, source: Path, authorization: str = "") -> str:
    """The text of a battery.toml that describes the reference target at `url`, made from `source`.

    `authorization` refers to the header of a caller who may write, where the target has callers.
    """
    headers = (
        f'environment = "scratch"\nheaders = {{ Authorization = "{authorization}" }}\n'
        if authorization
        else ""
    )
    return f"""\
[target]
url = {toml_string(url)}
live = "/api/health/live"
ready = "{READY_PATH}"
status = "/api/health/status"
metrics = "/metrics"
identity = {{ path = "/version", json = "commit" }}
{headers}
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
name = "quote"
path = "/api/quote?item=tea"
weight = 1
class = "light"
expect = {{ status = [200] }}

[[endpoint]]
name = "report"
path = "/api/report"
weight = 1
class = "heavy"
expect = {{ status = [200], body_contains = "revenue_cents" }}

[source]
path = {toml_string(str(source))}
{_coverage(source)}"""


def _coverage(source: Path) -> str:
    """How the reference project's own tests are measured; nothing for another folder."""
    if not (source / "project").is_dir():
        return ""
    return f'coverage = "coverage.json"\ncoverage_command = [{toml_string(sys.executable)}, "project", "measure"]\n'


def demo_process_toml(port: int, data: Path, dependency: str) -> str:
    """The rest of the demo's battery.toml: how the battery starts the target, and what it depends on."""
    command = [sys.executable, "-P", "-m", "battery.reference", "--port", str(port), "--data", str(data)]
    command += ["--supervise", "--pid-file", str(data / "worker.pid"), "--log", str(data / "reference.log")]
    words = ", ".join(toml_string(word) for word in command)
    return f"""
[process]
command = [{words}]
env = {{ DEPENDENCY_ADDRESS = "{{dependency.prices}}" }}
pid_file = {toml_string(str(data / "worker.pid"))}
supervised = true
data = {toml_string(str(data))}

[[dependency]]
name = "prices"
upstream = {toml_string(dependency)}
endpoint = "quote"
breaker = true

[[dependency]]
name = "orders"
kind = "sqlite"
file = {toml_string(str(data / "orders.sqlite3"))}
endpoint = "orders"

[durability.write]
path = "/api/records"
body = '{{"id": "{{record}}", "run": "{{run}}"}}'

[durability.read]
path = "/api/records?run={{run}}"
items = "records"
"""


def _unreachable(child: Child, what: str) -> TargetUnreachable:
    return TargetUnreachable(f"the reference target {what}: {child.last_words()}")


def _is_ready(port: int, *, tls: bool) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2.0)
    if tls:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=2.0, context=_unquestioning())
    try:
        connection.request("GET", READY_PATH)
        with connection.getresponse() as response:
            return response.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _unquestioning() -> ssl.SSLContext:
    """It is asked whether it is ready, not who it is: its certificate may be what is wrong with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def toml_string(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(rf"\u{ord(c):04X}" if ord(c) < 0x20 or c in '"\\\x7f' else c for c in text)
    return f'"{escaped}"'
