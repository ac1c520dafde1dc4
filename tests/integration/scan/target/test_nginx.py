"""A fresh nginx, configured as the documents advise, has nothing high or critical; an nginx as shipped is told apart."""

import getpass
import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from battery.model.security import TARGET_SCANNERS
from battery.scan.rules import scan_rules
from battery.scan.target.request import ScanLimits, TargetScanRequest
from battery.scan.target.run import scan_target
from tests.integration.scan.target.conftest import Trust

pytestmark = pytest.mark.real("nginx")
# Files have no OpenAPI description: whoever runs this would declare fuzz not applicable.
SCANNERS = tuple(name for name in TARGET_SCANNERS if name != "fuzz")
ASSETS = Path(__file__).parents[3] / "assets" / "nginx-hardened"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in taken]
    for listener in taken:
        listener.close()
    return ports


@contextmanager
def nginx(folder: Path, configuration: str, port: int) -> Iterator[None]:
    """A running nginx that answers on the port, and may read what it serves: as root its workers are somebody else."""
    configuration = f"user {getpass.getuser()};\n{configuration}" if os.geteuid() == 0 else configuration
    (folder / "nginx.conf").write_text(configuration)
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, process.communicate()[1]
                assert time.monotonic() < until, "nginx does not answer"
        yield
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_hardened_nginx_has_nothing_high_and_every_scanner_is_complete(
    trust: Trust, tmp_path: Path
) -> None:
    http, https = free_ports(2)
    (tmp_path / "html").mkdir()
    shutil.copy(ASSETS / "index.html", tmp_path / "html")
    shutil.copy(trust.server, tmp_path / "server.pem")
    configuration = (ASSETS / "nginx.conf").read_text()
    for name, value in (("FOLDER", str(tmp_path)), ("HTTPS", str(https)), ("HTTP", str(http))):
        configuration = configuration.replace(name, value)
    request = TargetScanRequest(
        url=f"https://127.0.0.1:{https}",
        other_url=f"http://127.0.0.1:{http}",
        ca_file=str(trust.authority),
        public=True,
        scanners=SCANNERS,
        limits=ScanLimits(rate=20, deadline=20, slow_seconds=1, patience=20),
    )
    with nginx(tmp_path, configuration, https):
        context = ssl.create_default_context(cafile=str(trust.authority))
        with urllib.request.urlopen(request.url, context=context, timeout=20) as answer:
            page = answer.read()
        results = scan_target(request, lambda _: None)
    assert page == (ASSETS / "index.html").read_bytes()
    found = {(result.scanner, entry.rule) for result in results for entry in result.found}
    assert {rule for _, rule in found if scan_rules()[rule].severity != "info"} == set()
    assert {result.scanner: result.incomplete for result in results if result.incomplete} == {}
    assert [result.scanner for result in results] == [f"target.{name}" for name in SCANNERS]
    assert results[1].facts["grade"].startswith("A+")
    assert all(canary.seen for result in results for canary in result.canaries)
    assert all(result.ledger.adds_up for result in results)


def test_an_nginx_as_shipped_shows_what_it_lacks(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    (tmp_path / "html").mkdir()
    shutil.copy(ASSETS / "index.html", tmp_path / "html")
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = (
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ access_log off;"
        f"types {{ text/html html; }} {temporary} server {{ listen 127.0.0.1:{port}; root {tmp_path}/html; }} }}"
    )
    request = TargetScanRequest(
        url=f"http://127.0.0.1:{port}",
        scanners=("headers", "errors", "rate_limit"),
        limits=ScanLimits(rate=5000),
    )
    with nginx(tmp_path, configuration, port):
        with urllib.request.urlopen(request.url, timeout=20) as answer:
            page = answer.read()
        results = scan_target(request, lambda _: None)
    assert page == (ASSETS / "index.html").read_bytes()
    broken = {entry.rule for result in results for entry in result.found}
    assert broken == {
        *("target.headers.csp-missing", "target.headers.framing", "target.headers.nosniff"),
        *("target.errors.version", "target.rate-limit.absent"),
    }
