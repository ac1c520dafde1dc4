"""TLS: certificates, versions and ciphers of real servers."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from battery.conversations import listening
from battery.scan.rules import scan_rules
from tests.integration.scan.target.conftest import Trust
from tests.integration.scan.target.scripted import SOUND, Heard, Said, rules, scan, serving, sound


@contextmanager
def speaking(pem: Path, versions: tuple[ssl.TLSVersion, ssl.TLSVersion], ciphers: str) -> Iterator[str]:
    """A server of these versions and ciphers; it closes after every handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version, context.maximum_version = versions
    context.set_ciphers(ciphers)
    context.load_cert_chain(pem)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ready, ports, loops = threading.Event(), list[int](), list[asyncio.AbstractEventLoop]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.transport.abort()

    async def serve() -> None:
        async with listening(talk, tls=context) as port:
            ports.append(port)
            loops.append(asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    try:
        yield f"https://127.0.0.1:{ports[0]}"
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()


def test_a_sound_server_is_clean(trust: Trust) -> None:
    with serving(sound, trust.server) as url:
        result = scan(url, "tls", ca_file=str(trust.authority))
    assert result.found == ()
    assert result.facts["versions"] == "TLS 1.2, TLS 1.3"
    assert result.incomplete == ()
    assert result.ledger.scanned == result.ledger.discovered == 13
    assert all(canary.seen for canary in result.canaries)


@pytest.mark.parametrize(
    ("days", "since", "rule", "severity"),
    [
        (-1, -50, "target.tls.expired", "critical"),
        (13, -50, "target.tls.expires-soon", "high"),
        (29, -50, "target.tls.expires-this-month", "medium"),
        (90, 1, "target.tls.not-yet-valid", "high"),
    ],
)
def test_a_certificate_out_of_its_time_is_found(
    trust: Trust, days: float, since: float, rule: str, severity: str
) -> None:
    pem = trust.issue("dated.pem", days=days, since=since)
    with serving(sound, pem) as url:
        result = scan(url, "tls", ca_file=str(trust.authority))
    assert rules(result) == {rule}
    assert scan_rules()[rule].severity == severity


def test_a_certificate_for_another_name_is_found_once(trust: Trust) -> None:
    with serving(sound, trust.issue("other.pem", host="shop.example")) as url:
        result = scan(url, "tls", ca_file=str(trust.authority))
    assert rules(result) == {"target.tls.name"}
    assert "shop.example" in result.found[0].excerpt


def test_a_chain_that_nobody_trusts_is_found(trust: Trust) -> None:
    with serving(sound, trust.server) as url:
        result = scan(url, "tls")
    assert "target.tls.untrusted" in rules(result)


def test_old_versions_and_ciphers_without_secrets_are_found(trust: Trust) -> None:
    pem = trust.issue("rsa.pem", key=rsa.generate_private_key(public_exponent=65537, key_size=1024))
    versions = (ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_2)
    with speaking(pem, versions, "ALL:eNULL:aNULL:@SECLEVEL=0") as url:
        result = scan(url, "tls", ca_file=str(trust.authority))
    assert {found.content for found in result.found if found.rule == "target.tls.old-version"} == {
        "TLS 1.0",
        "TLS 1.1",
    }
    broken = {found.content for found in result.found if found.rule == "target.tls.broken-cipher"}
    assert {"no encryption", "no authentication"} <= broken
    assert rules(result) >= {
        *("target.tls.weak-certificate", "target.tls.no-tls13"),
        *("target.tls.no-forward-secrecy", "target.tls.hsts-missing"),
    }


def test_modern_only_has_nothing_to_find_but_hsts(trust: Trust) -> None:
    versions = (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3)
    with speaking(trust.server, versions, "DEFAULT") as url:
        result = scan(url, "tls", ca_file=str(trust.authority))
    assert rules(result) == {"target.tls.hsts-missing"}
    assert result.facts["versions"] == "TLS 1.3"


@pytest.mark.parametrize(
    ("header", "rule"),
    [("max-age=60", "target.tls.hsts-short"), ("preload", "target.tls.hsts-missing")],
)
def test_a_poor_hsts_header_is_found(trust: Trust, header: str, rule: str) -> None:
    def script(heard: Heard) -> Said:
        return Said(200, {**SOUND, "Strict-Transport-Security": header})

    with serving(script, trust.server) as url:
        assert rule in rules(scan(url, "tls", ca_file=str(trust.authority)))


def test_plain_http_on_this_machine_is_not_applicable() -> None:
    with serving(sound) as url:
        result = scan(url, "tls")
    assert (result.found, result.incomplete, result.ledger.scanned) == ((), (), 0)
    assert "https" in result.ledger.skipped[0].reason


def test_plain_http_elsewhere_is_a_finding() -> None:
    # Nothing is sent: the URL says it all.
    result = scan("http://service.example", "tls")
    assert rules(result) == {"target.tls.absent"}


def test_a_port_without_tls_is_incomplete() -> None:
    with serving(sound) as url:
        result = scan(url.replace("http", "https"), "tls")
    assert result.incomplete
    assert result.ledger.adds_up


def test_an_authority_that_is_no_file_is_said_so(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    for file in (broken, tmp_path / "absent.pem"):
        result = scan("https://127.0.0.1:9", "tls", ca_file=str(file))
        assert "holds no certificate authority" in " ".join(result.incomplete)


def test_cookies_and_redirects_are_judged_over_both_schemes(trust: Trust) -> None:
    with serving(sound, trust.server) as https, serving(sound) as http:
        result = scan(https, "headers", other_url=http, ca_file=str(trust.authority))
    assert rules(result) == {"target.headers.no-https-redirect"}
    assert "http://" in result.found[0].excerpt
