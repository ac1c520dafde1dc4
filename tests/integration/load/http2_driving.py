"""Drives one HTTP/2 generator process with a job, and an nginx that speaks HTTP/2."""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import msgspec

from battery.load.fleet import free_port
from battery.load.http2.dialect import Http2Generator
from battery.load.job import Job, JobStage
from battery.model.evidence import Proof
from tests.integration.load.driving import Drive, endpoint, job

BEHIND = (endpoint(b"GET /behind HTTP/1.1\r\nHost: h\r\n\r\n"),)
POST = b"POST / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody"
LEAD = 0.4
_CONFIGURATION = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests {each};
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port} ssl{http2}; ssl_certificate {certificate}; ssl_certificate_key {certificate};
    location / {{ return 200 "$server_protocol $request_method"; }}
    location = /behind {{ proxy_pass http://127.0.0.1:{behind}/; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }}
  }}
}}
"""


class Spoken(Drive):
    """What one HTTP/2 generator told, with what it proves itself."""

    def __init__(
        self, what: Job, process: "subprocess.Popen[bytes]", on_line: Callable[[], object] = lambda: None
    ) -> None:
        self.dialect = Http2Generator()
        super().__init__(what, cast("subprocess.Popen[bytes]", _Translated(process, self.dialect)), on_line)

    @property
    def version(self) -> Proof:
        """Which version of HTTP was spoken."""
        return self.dialect.proofs()[0]


class _Translated:
    """A generator process whose lines are plain snapshots."""

    def __init__(self, process: "subprocess.Popen[bytes]", dialect: Http2Generator) -> None:
        assert process.stdout is not None
        heard = (dialect.heard(line.decode()) for line in process.stdout)
        self.stdout: Iterator[bytes] = (msgspec.json.encode(snapshot) for snapshot in heard)
        self.stderr, self.wait = process.stderr, process.wait


def speak(
    what: Job,
    certificate: Path | None = None,
    on_line: Callable[[Any], object] | None = None,
    command: tuple[str, ...] = ("-m", "battery.load.http2"),
) -> Spoken:
    """Run the job to its end."""
    trusting = {"SSL_CERT_FILE": str(certificate)} if certificate else {}
    proxies = {"https_proxy": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"}
    with subprocess.Popen(
        [sys.executable, "-P", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | trusting | proxies,
    ) as process:
        assert process.stdin is not None
        _await_reading(process)
        told = msgspec.structs.replace(what, start=time.time() + LEAD)
        process.stdin.write(msgspec.json.encode(told) + b"\n")
        process.stdin.flush()
        try:
            return Spoken(told, process, lambda: on_line(process) if on_line else None)
        finally:
            process.kill()


def _await_reading(process: "subprocess.Popen[bytes]") -> None:
    """Until it reads its job: it takes a space, which no JSON minds, out of the pipe. As under Locust, it is up by then."""
    assert process.stdin is not None
    process.stdin.write(b" ")
    process.stdin.flush()
    left = array("i", [1])
    while left[0] and process.poll() is None:
        time.sleep(0.01)
        fcntl.ioctl(process.stdin, termios.FIONREAD, left)


def over_tls(port: int, stage: JobStage, **other: Any) -> Job:
    """A job for 127.0.0.1 over TLS."""
    return job(port, stage, **({"tls": True, "server_name": "127.0.0.1"} | other))


@contextlib.contextmanager
def nginx(
    folder: Path, certificate: Path, http2: str = " http2", behind: int = 1, each: int = 1000
) -> Iterator[int]:
    """The port of an nginx, for the time of the block."""
    port = free_port("127.0.0.1")
    names = {"folder": folder, "port": port, "certificate": certificate, "http2": http2}
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(**names, behind=behind, each=each))
    program = shutil.which("nginx") or "nginx"
    with subprocess.Popen([program, "-c", str(configuration)], stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 10
            while not _listens(port):
                assert process.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < until
            yield port
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.1):
        return True
    return False
