"""Exchanges with real servers: TLS, IPv6, and targets that do what no target should."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.chaos.recovery.client import Client
from battery.chaos.recovery.exchange import Answer
from battery.load.requests import address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Endpoint, Target
from tests.integration.load.driving import serving

KINDS = {
    "endless_body": "protocol",
    "endless_chunks": "protocol",
    "huge_headers": "protocol",
    "invalid_chunks": "protocol",
    "garbage": "protocol",
    "torn_body": "reset",
    "reset": "reset",
    "close_at_once": "reset",
    "dribble": "timeout",
    "silent": "timeout",
    "twice": "",
    "gzip_bomb": "",
}


@pytest.fixture(scope="module")
def hostile() -> Iterator[dict[str, int]]:
    """Ports of the hostile server by what they do."""
    with serving("tests.fakes.hostile_server") as server:
        assert isinstance(server.said, dict)
        yield server.said


def ask(url: str, trusted: ssl.SSLContext | None = None, limit: float = 10.0, cap: int = 1 << 20) -> Answer:
    """One request for / of that URL."""
    definition = Definition(target=Target(url=url), endpoint=(Endpoint(name="a", path="/"),))
    (request,) = endpoints_of(definition, {})

    async def once() -> Answer:
        client = Client(address(url), trusted=trusted, body_cap=cap)
        await client.resolve()
        return await client.ask(request, limit)

    return asyncio.run(once())


@pytest.mark.parametrize(("does", "kind"), KINDS.items())
def test_a_hostile_target_is_told_by_its_kind(hostile: dict[str, int], does: str, kind: str) -> None:
    limit = 0.5 if kind == "timeout" else 30.0
    assert ask(f"http://127.0.0.1:{hostile[does]}", limit=limit).error == kind


def test_nobody_there_is_a_refusal() -> None:
    with serving("tests.fakes.scripted_server", "none") as server:
        port = server.port
        server.truth()
    assert ask(f"http://127.0.0.1:{port}").error == "refused"


def test_a_name_with_two_addresses_is_asked_at_the_one_that_answers() -> None:
    with serving("tests.fakes.scripted_server", "none") as server:
        assert ask(f"http://localhost:{server.port}").status == 200


def test_an_ipv6_target_answers() -> None:
    with serving("tests.fakes.scripted_server", "none", "--host", "::1") as server:
        assert ask(f"http://[::1]:{server.port}").body == b"hello"


@pytest.mark.parametrize(("host", "name"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_a_target_with_a_trusted_certificate_answers_over_tls(
    certificate: Path, trusted: ssl.SSLContext, host: str, name: str
) -> None:
    options = ("--host", host, "--certificate", str(certificate))
    with serving("tests.fakes.scripted_server", "none", *options) as server:
        assert ask(f"https://{name}:{server.port}", trusted).body == b"hello"
        assert ask(f"https://{name}:{server.port}").error == "tls", "nobody vouches for this certificate"


def test_a_tls_target_that_never_shakes_hands_times_out(
    hostile: dict[str, int], trusted: ssl.SSLContext
) -> None:
    assert ask(f"https://127.0.0.1:{hostile['silent']}", trusted, limit=0.5).error == "timeout"


def test_a_target_that_speaks_no_tls_is_told_so(hostile: dict[str, int], trusted: ssl.SSLContext) -> None:
    assert ask(f"https://127.0.0.1:{hostile['plaintext']}", trusted).error == "tls"


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving("tests.fakes.scripted_server", "none") as server:
        assert ask(f"http://127.0.0.1:{server.port}").status == 200
