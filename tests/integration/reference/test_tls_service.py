"""The service over TLS."""

import json
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from battery.reference.clock import wall_clock
from battery.reference.demo import ReferenceTarget
from battery.reference.tls.certificates import CertificateFiles, make_certificates


@pytest.fixture
def certificate(tmp_path: Path) -> CertificateFiles:
    """A certificate for this machine."""
    return make_certificates(tmp_path / "tls", wall_clock())


@pytest.mark.parametrize("supervised", [False, True])
def test_it_serves_whoever_trusts_its_authority(
    tmp_path: Path, certificate: CertificateFiles, supervised: bool
) -> None:
    trusted = ssl.create_default_context(cafile=certificate.authority)
    with ReferenceTarget(tmp_path / "t", certificate=certificate, supervised=supervised) as target:
        assert target.url.startswith("https://127.0.0.1:")
        answer = httpx.get(f"{target.url}/version", verify=trusted)
        assert (answer.status_code, "strict-transport-security" in answer.headers) == (200, True)
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            httpx.get(f"{target.url}/version")


def test_plain_http_on_its_port_gets_no_answer(tmp_path: Path, certificate: CertificateFiles) -> None:
    with ReferenceTarget(tmp_path / "t", certificate=certificate) as target:
        with pytest.raises(httpx.HTTPError):
            httpx.get(target.url.replace("https", "http"))
        unharmed = ssl.create_default_context(cafile=certificate.authority)
        assert httpx.get(f"{target.url}/version", verify=unharmed).status_code == 200


def test_what_is_not_http_is_refused_over_tls_as_well(tmp_path: Path, certificate: CertificateFiles) -> None:
    trusted = ssl.create_default_context(cafile=certificate.authority)
    with ReferenceTarget(tmp_path / "t", certificate=certificate) as target:
        port = httpx.URL(target.url).port
        assert port
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            trusted.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
        ):
            connection.sendall(b"this is not HTTP\r\n\r\n")
            answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"strict-transport-security" in answer.lower()


def test_it_announces_https(tmp_path: Path, certificate: CertificateFiles) -> None:
    command = [
        sys.executable,
        "-m",
        "battery.reference",
        "--data",
        str(tmp_path / "data"),
        "--end-with-stdin",
    ]
    command += ["--tls-cert", str(certificate.certificate), "--tls-key", str(certificate.key)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["url"].startswith("https://")
        process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--tls-cert", "certificate.pem"], 2, "--tls-cert and --tls-key go together"),
        (["--tls-cert", "nothing.pem", "--tls-key", "nothing.pem"], 1, "cannot serve: "),
    ],
)
def test_a_certificate_that_cannot_be_used_ends_it(
    tmp_path: Path, words: list[str], code: int, told: str
) -> None:
    command = [sys.executable, "-m", "battery.reference", "--data", str(tmp_path / "data"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert (done.returncode, told in done.stderr) == (code, True)
