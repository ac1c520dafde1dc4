"""The network faults over a Toxiproxy server in memory."""

import socket
import threading

import pytest

from battery.chaos.faults.interface import Effect
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.faults.proxies import Counters, Proxies
from battery.chaos.undo.steps import EnableProxy, RemoveToxic
from battery.errors import TargetUnreachable, UsageError
from tests.unit.chaos.faults.fake_proxies import FakeProxies

NONE = Counters(connections=0, received=0)


def _slow(proxies: Proxies, **other: object) -> NetworkToxic:
    return NetworkToxic(proxies, "db", "latency", {"latency": 100, "jitter": 5}, **{"patience": 0.2, **other})  # type: ignore[arg-type]


def test_the_dry_run_tells_the_toxic_the_share_and_the_limit() -> None:
    assert _slow(FakeProxies(), limit=9).describe() == (
        'latency (latency 100, jitter 5) downstream on every connection through proxy "db" for at most 9 s'
    )
    some = NetworkToxic(FakeProxies(), "db", "reset_peer", {}, toxicity=0.25, stream="upstream", limit=5)
    assert some.describe() == (
        'reset_peer (no attributes) upstream on 25% of the connections through proxy "db" for at most 5 s'
    )


@pytest.mark.parametrize("toxicity", [0.0, -0.5, 1.5])
def test_a_toxicity_that_touches_nobody_is_refused(toxicity: float) -> None:
    with pytest.raises(UsageError, match="toxicity"):
        _slow(FakeProxies(), toxicity=toxicity)


def test_an_absent_or_disabled_proxy_is_an_obstacle() -> None:
    proxies = FakeProxies()
    assert 'has no proxy "cache"' in NetworkToxic(proxies, "cache", "noop", {}).obstacle()
    assert _slow(proxies).obstacle() == ""
    proxies.enabled = False
    assert "is disabled already" in NetworkDown(proxies, "db").obstacle()


def test_the_toxic_has_a_name_of_its_own_and_only_that_one_is_removed() -> None:
    proxies = FakeProxies(counts=NONE)
    fault, other = _slow(proxies), _slow(proxies)
    (step,) = fault.undo()
    assert step == RemoveToxic(url=proxies.url, proxy="db", toxic=fault.toxic.name)
    fault.inject()
    other.inject()
    assert len(proxies.toxics) == 3
    fault.remove()
    fault.remove()
    assert set(proxies.toxics) == {"theirs", other.toxic.name}
    other.remove()


def test_bytes_that_went_through_prove_it() -> None:
    proxies = FakeProxies(counts=Counters(connections=3, received=1000))
    fault = _slow(proxies)
    fault.inject()
    proxies.counts = Counters(connections=5, received=1700)
    assert fault.prove() == Effect(
        seen=True, meter='latency on proxy "db": 2 new connections and 700 bytes since'
    )
    fault.remove()


def test_where_the_server_tells_it_only_connections_that_met_the_toxic_count() -> None:
    proxies = FakeProxies(counts=Counters(connections=3, received=1000, touched=1))
    fault = _slow(proxies, canary=lambda: Effect(seen=False, meter="fast as ever"))
    fault.inject()
    proxies.counts = Counters(connections=5, received=1700, touched=1)
    effect = fault.prove()
    assert not effect.seen
    assert effect.meter.endswith("700 bytes, 0 connections met the toxic since; canary: fast as ever")
    proxies.counts = Counters(connections=5, received=1700, touched=2)
    assert fault.prove().seen
    fault.remove()


def test_a_proxy_that_is_not_in_the_path_is_not_seen() -> None:
    fault = _slow(FakeProxies(counts=NONE))
    fault.inject()
    effect = fault.prove()
    assert effect == Effect(seen=False, meter='latency on proxy "db": 0 new connections and 0 bytes since')
    fault.remove()


def test_a_server_that_counts_nothing_needs_a_canary() -> None:
    fault = _slow(FakeProxies(), canary=lambda: Effect(seen=True, meter="104 ms instead of 2 ms"))
    fault.inject()
    effect = fault.prove()
    assert effect.seen
    assert effect.meter.endswith("the proxy server counts nothing since; canary: 104 ms instead of 2 ms")
    fault.remove()


def test_a_canary_is_not_asked_about_a_toxic_that_is_gone() -> None:
    proxies = FakeProxies()
    fault = _slow(proxies, canary=lambda: Effect(seen=True, meter="slow by itself"))
    fault.inject()
    proxies.toxics.clear()
    assert fault.prove() == Effect(seen=False, meter=f'proxy "db" has no toxic {fault.toxic.name}')
    fault.remove()


def test_where_nothing_is_counted_the_canary_is_asked_at_once() -> None:
    proxies = FakeProxies()
    fault = _slow(proxies, canary=lambda: Effect(seen=True, meter="yes"), patience=3600.0)
    fault.inject()
    assert fault.prove().seen
    fault.remove()


def test_a_toxic_that_somebody_else_removed_is_not_seen() -> None:
    proxies = FakeProxies(counts=NONE)
    fault = _slow(proxies)
    fault.inject()
    proxies.toxics.clear()
    proxies.counts = Counters(connections=9, received=9)
    fault.remove()
    assert fault.prove() == Effect(seen=False, meter=f'proxy "db" has no toxic {fault.toxic.name}')


def test_a_removal_that_failed_is_tried_again_when_asked_again() -> None:
    proxies = FakeProxies(counts=NONE)
    fault = _slow(proxies)
    fault.inject()
    proxies.down = True
    with pytest.raises(TargetUnreachable):
        fault.remove()
    proxies.down = False
    fault.remove()
    assert set(proxies.toxics) == {"theirs"}


@pytest.mark.parametrize("kind", ["toxic", "down"])
def test_the_time_limit_ends_it_and_the_meter_says_so(kind: str) -> None:
    proxies = FakeProxies(counts=NONE)
    ended = threading.Event()

    class Watched(FakeProxies):
        def remove_toxic(self, proxy: str, name: str) -> None:
            super().remove_toxic(proxy, name)
            ended.set()

        def enable(self, proxy: str) -> None:
            super().enable(proxy)
            ended.set()

    proxies = Watched(counts=NONE)
    fault = _slow(proxies, limit=0.05) if kind == "toxic" else NetworkDown(proxies, "db", limit=0.05)
    fault.inject()
    assert ended.wait(30)
    assert fault._time_limit.reached.wait(30)
    assert proxies.enabled
    assert set(proxies.toxics) == {"theirs"}
    assert fault.prove().meter.endswith("its limit of 0.05 s has ended it")
    assert not fault.prove().seen


def test_down_is_proven_by_a_refusal_where_connections_came_before() -> None:
    proxies = FakeProxies(counts=Counters(connections=4, received=10))
    fault = NetworkDown(proxies, "db", limit=7)
    assert fault.describe() == ('cuts every connection through proxy "db" and refuses others for at most 7 s')
    assert fault.undo() == (EnableProxy(url=proxies.url, proxy="db"),)
    assert not fault.prove().seen
    fault.inject()
    assert not proxies.enabled
    effect = fault.prove()
    assert effect.seen
    assert "refuses at 127.0.0.1:1" in effect.meter
    assert "4 connections came before" in effect.meter
    fault.remove()
    fault.remove()
    assert proxies.enabled


def test_a_port_that_still_accepts_is_not_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxies = FakeProxies(listen=f"127.0.0.1:{server.getsockname()[1]}", counts=NONE)
        fault = NetworkDown(proxies, "db")
        fault.inject()
        assert "still accepts" in fault.prove().meter
        assert not fault.prove().seen
        fault.remove()


@pytest.mark.parametrize(("counts", "words"), [(NONE, "0 connections"), (None, "an unknown number of")])
def test_down_of_a_proxy_that_nobody_used_needs_a_canary(counts: Counters | None, words: str) -> None:
    alone = NetworkDown(FakeProxies(counts=counts), "db")
    alone.inject()
    assert not alone.prove().seen
    assert words in alone.prove().meter
    alone.remove()
    fault = NetworkDown(
        FakeProxies(counts=counts), "db", canary=lambda: Effect(seen=True, meter="503 instead of 200")
    )
    fault.inject()
    effect = fault.prove()
    assert effect.seen
    assert effect.meter.endswith("canary: 503 instead of 200")
    fault.remove()
