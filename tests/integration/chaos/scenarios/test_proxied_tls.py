"""A target over TLS behind the battery's proxy: it is asked for by its own name, and its certificate must be for that name."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from battery.chaos.recovery.prober import Prober
from battery.chaos.scenarios.world import World
from battery.load.requests import Address
from battery.model.definition import Definition
from battery.model.target import Endpoint, Target
from battery.reference.tls.certificates import AUTHORITY
from tests.integration.chaos.process.waiting import wait_until
from tests.integration.chaos.scenarios.tls_target import TlsTarget, tls_target

ENOUGH = 5


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsTarget]:
    """One at localhost whose authority this machine trusts."""
    with tls_target(tmp_path) as secured:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / AUTHORITY))
        yield secured


@pytest.fixture
def world(target: TlsTarget, tmp_path: Path) -> Iterator[World]:
    definition = Definition(target=Target(url=target.url, ready="/ready"))
    with World(definition, tmp_path, tmp_path / "state", lambda text: None) as entered:
        yield entered


def proxied(world: World) -> Address:
    return world.through(world.lines.to_target(world.place).address)


def errors(prober: Prober) -> set[str]:
    """What became of a few probes."""
    with prober:
        wait_until(lambda: len(prober.series().probes) >= ENOUGH, "probes ended")
        return {probe.error for probe in prober.series().probes}


def test_the_proxy_is_dialled_and_the_target_is_asked_for_by_its_name(
    world: World, target: TlsTarget
) -> None:
    place = proxied(world)
    assert (place.host, place.server_name, place.tls) == ("127.0.0.1", "localhost", True)
    assert place.port != world.place.port
    with world.prober(place=place) as prober:
        wait_until(lambda: len(prober.series().probes) >= ENOUGH, "probes ended")
        assert all(probe.ok for probe in prober.series().probes)
    assert set(target.names) == {"localhost"}


def test_a_certificate_for_another_name_is_an_error_though_the_proxys_address_stands_in_it(
    world: World, target: TlsTarget
) -> None:
    request = world.request(Endpoint(name="ready", path="/ready"))
    other = msgspec.structs.replace(proxied(world), authority="other.test")
    assert errors(Prober(proxied(world), [request])) == {""}
    assert errors(Prober(other, [request])) == {"tls"}
    assert set(target.names) == {"localhost", "other.test"}
