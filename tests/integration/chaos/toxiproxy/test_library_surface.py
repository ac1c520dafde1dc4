"""All of toxiproxy-python works against the embedded server, as the library is: no adaptor between."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from battery.chaos.toxiproxy.discovery import Server
from tests.integration.chaos.toxiproxy.peers import Upstream, connected, exactly, is_refused


@pytest.fixture
def library(embedded: Server) -> Iterator[Any]:
    """The library's server object, pointed at the embedded server, and back again."""
    toxiproxy = pytest.importorskip("toxiproxy")
    api = pytest.importorskip("toxiproxy.api")
    before = api.APIConsumer.host, api.APIConsumer.port
    server = toxiproxy.Toxiproxy()
    address = urlsplit(embedded.url)
    server.update_api_consumer(address.hostname, address.port)
    yield server
    server.update_api_consumer(*before)


def test_it_runs_and_has_a_version(library: Any) -> None:
    assert library.running() is True
    assert library.version() == b'{"version": "2.12.0"}\n'


def test_proxies_are_created_found_listed_and_destroyed(library: Any) -> None:
    created = library.create(name="a", upstream="127.0.0.1:9")
    assert (created.name, created.upstream, created.enabled) == ("a", "127.0.0.1:9", True)
    off = library.create(name="b", upstream="127.0.0.1:9", listen="127.0.0.1:0", enabled=False)
    assert off.enabled is False
    assert library.get_proxy("a").listen == created.listen
    assert library.get_proxy("x") is None
    assert set(library.proxies()) == {"a", "b"}
    assert library.destroy(created) is True
    assert library.destroy("no proxy") is False
    library.destroy_all()
    assert library.proxies() == {}


def test_a_name_that_is_taken_is_its_own_error(library: Any) -> None:
    library.create(name="a", upstream="127.0.0.1:9")
    exceptions = pytest.importorskip("toxiproxy.exceptions")
    with pytest.raises(exceptions.ProxyExists):
        library.create(name="a", upstream="127.0.0.1:9")
    api = pytest.importorskip("toxiproxy.api")
    with pytest.raises(exceptions.ProxyExists):
        api.APIConsumer.post("/proxies", json={"name": "a", "upstream": "127.0.0.1:9"})
    with pytest.raises(exceptions.NotFound):
        api.APIConsumer.get("/proxies/x")


def test_populate_makes_new_ones_and_replaces_others(library: Any) -> None:
    wish = {"name": "a", "upstream": "127.0.0.1:9", "listen": "127.0.0.1:0"}
    (made,) = library.populate([wish])
    assert library.populate([wish | {"listen": made.listen}]) == []
    (again,) = library.populate([wish | {"upstream": "127.0.0.1:10", "listen": made.listen}])
    assert again.upstream == "127.0.0.1:10"


def test_a_proxy_goes_down_and_up(library: Any, echoing: Upstream) -> None:
    proxy = library.create(name="a", upstream=echoing.address)
    with proxy.down():
        assert is_refused(proxy.listen)
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        assert exactly(client, 1) == b"x"
    proxy.disable()
    assert library.get_proxy("a").enabled is False
    proxy.enable()
    assert proxy.enabled is True


def test_toxics_are_added_listed_found_and_destroyed(library: Any) -> None:
    proxy = library.create(name="a", upstream="127.0.0.1:9")
    proxy.add_toxic(type="latency", attributes={"latency": 5})
    proxy.add_toxic(type="bandwidth", name="b", stream="upstream", toxicity=0.5, attributes={"rate": 9})
    assert list(proxy.toxics()) == ["b", "latency_downstream"]
    toxic = proxy.get_toxic("b")
    assert (toxic.type, toxic.stream, toxic.toxicity) == ("bandwidth", "upstream", 0.5)
    assert toxic.attributes == {"rate": 9}
    assert proxy.get_toxic("x") is None
    assert proxy.destroy_toxic("b") is True
    exceptions = pytest.importorskip("toxiproxy.exceptions")
    with pytest.raises(exceptions.InvalidToxic):
        proxy.add_toxic(type="unheard")
    with pytest.raises(exceptions.NotFound):
        proxy.destroy_toxic("b")


def test_reset_enables_and_removes(library: Any) -> None:
    proxy = library.create(name="a", upstream="127.0.0.1:9", enabled=False)
    proxy.add_toxic(type="noop")
    assert library.reset() is True
    assert library.get_proxy("a").enabled is True
    assert proxy.toxics() == {}
    assert proxy.destroy() is True
