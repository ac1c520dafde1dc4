"""The contract of the API, over the embedded server and the original: proxies, populate, reset."""

import re

import pytest

from battery.chaos.toxiproxy.nouns import Proxy
from tests.integration.chaos.toxiproxy.asking import Asker, error_of, shown
from tests.integration.chaos.toxiproxy.peers import is_refused

LOOPBACK = "127.0.0.1:0"
UNBINDABLE = "192.0.2.1:5"  # an address for documentation, which no machine has
WISH = {"name": "a", "listen": LOOPBACK, "upstream": "127.0.0.1:9"}
ADDRESS = re.compile(r"127\.0\.0\.1:[1-9][0-9]*")


def test_a_new_proxy_is_told_with_its_resolved_address(ask: Asker) -> None:
    told = ask("POST", "/proxies", WISH)
    assert (told.status, told.headers["content-type"]) == (201, "application/json")
    proxy = shown(told)
    assert ADDRESS.fullmatch(str(proxy.pop("listen")))
    assert proxy == {"name": "a", "upstream": "127.0.0.1:9", "enabled": True, "toxics": []}
    assert told.headers["x-toxiproxy-request-id"]


def test_an_empty_address_takes_a_free_port_of_every_interface(ask: Asker) -> None:
    told = ask("POST", "/proxies", {"name": "a", "upstream": "127.0.0.1:9"})
    assert re.fullmatch(r"\[::\]:[1-9][0-9]*", told.json()["listen"])


def test_keys_have_any_case_and_unknown_ones_are_ignored(ask: Asker) -> None:
    body = b'{"NAME":"a","UpStream":"x:1","LISTEN":"127.0.0.1:0","ENabled":false,"nobody":[1]} trailing'
    told = ask("POST", "/proxies", body, {"Content-Type": "text/html"})
    assert (told.status, told.json()["enabled"], told.json()["listen"]) == (201, False, LOOPBACK)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "bad request body: EOF"),
        (b"{", 400, "bad request body: unexpected EOF"),
        (b'{"name"', 400, "bad request body: unexpected EOF"),
        (b'{"name":"a', 400, "bad request body: unexpected EOF"),
        (b"null", 400, "missing required field: name"),
        (b"{}", 400, "missing required field: name"),
        (b'{"name":"a"}', 400, "missing required field: upstream"),
        (b"[]", 400, "bad request body: json: cannot unmarshal array into Go value of type toxiproxy.Proxy"),
        (
            b'{"name":1}',
            400,
            "bad request body: json: cannot unmarshal number into Go struct field Proxy.name of type string",
        ),
        (
            b'{"name":"a","enabled":"yes"}',
            400,
            "bad request body: json: cannot unmarshal string into Go struct field Proxy.enabled of type bool",
        ),
        (
            b'{"name":"a","upstream":"b","listen":"foo"}',
            500,
            "listen tcp: address foo: missing port in address",
        ),
        (
            b'{"name":"a","upstream":"b","listen":"a:b:c"}',
            500,
            "listen tcp: address a:b:c: too many colons in address",
        ),
        (
            b'{"name":"a","upstream":"b","listen":"127.0.0.1:99999"}',
            500,
            "listen tcp: address 99999: invalid port",
        ),
        (
            b'{"name":"a","upstream":"b","listen":"192.0.2.1:5"}',
            500,
            "listen tcp 192.0.2.1:5: bind: cannot assign requested address",
        ),
        (
            b'{"name":"a","upstream":"b","listen":"[::1"}',
            500,
            "listen tcp: address [::1: missing ']' in address",
        ),
        (
            b'{"name":"a","upstream":"b","listen":"127.0.0.1:nope"}',
            500,
            "listen tcp: lookup tcp/nope: unknown port",
        ),
    ],
)
def test_a_proxy_that_cannot_be_is_refused_in_these_words(
    ask: Asker, body: bytes, status: int, words: str
) -> None:
    assert error_of(ask("POST", "/proxies", body)) == (status, words)
    assert ask("GET", "/proxies").json() == {}


def test_a_taken_name_and_a_taken_port_are_refused(ask: Asker) -> None:
    listen = ask("POST", "/proxies", WISH).json()["listen"]
    assert error_of(ask("POST", "/proxies", WISH)) == (409, "proxy already exists")
    told = ask("POST", "/proxies", WISH | {"name": "b", "listen": listen})
    assert error_of(told) == (500, f"listen tcp {listen}: bind: address already in use")


def test_proxies_are_listed_by_name_in_order(ask: Asker) -> None:
    for name in ("b", "a", "é"):
        ask("POST", "/proxies", WISH | {"name": name})
    told = ask("GET", "/proxies")
    assert list(told.json()) == ["a", "b", "é"]
    assert told.json()["a"]["toxics"] == []
    assert ask("GET", "/proxies/%C3%A9").json()["name"] == "é"


def test_what_is_not_there_is_not_found(ask: Asker) -> None:
    ask("POST", "/proxies", WISH)
    for method, path in [("GET", "x"), ("PATCH", "x"), ("POST", "x"), ("DELETE", "x"), ("GET", "x/toxics")]:
        assert error_of(ask(method, f"/proxies/{path}", b"{")) == (404, "proxy not found")
    assert error_of(ask("POST", "/proxies/x/toxics", b"{")) == (404, "proxy not found")
    for method in ("GET", "PATCH", "POST", "DELETE"):
        assert error_of(ask(method, "/proxies/a/toxics/t", b"{")) == (404, "toxic not found")


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_an_update_changes_what_it_names_and_keeps_the_rest(ask: Asker, method: str) -> None:
    before = shown(ask("POST", "/proxies", WISH))
    assert shown(ask(method, "/proxies/a", {"name": "z", "enabled": None})) == before
    told = ask(method, "/proxies/a", {"upstream": "127.0.0.1:10"})
    assert (told.status, shown(told)) == (200, before | {"upstream": "127.0.0.1:10"})
    told = ask(method, "/proxies/a", {"enabled": False})
    assert shown(told) == before | {"upstream": "127.0.0.1:10", "enabled": False}
    assert is_refused(str(before["listen"]))


def test_an_update_that_cannot_listen_leaves_the_proxy_disabled_at_the_new_address(ask: Asker) -> None:
    listen = ask("POST", "/proxies", WISH).json()["listen"]
    told = ask("PATCH", "/proxies/a", {"listen": UNBINDABLE})
    assert error_of(told) == (500, f"listen tcp {UNBINDABLE}: bind: cannot assign requested address")
    after = ask("GET", "/proxies/a").json()
    assert (after["listen"], after["enabled"]) == (UNBINDABLE, False)
    assert is_refused(listen)


def test_an_update_with_an_address_that_is_none_changes_nothing(ask: Asker) -> None:
    before = shown(ask("POST", "/proxies", WISH))
    told = ask("PATCH", "/proxies/a", {"listen": "bad", "upstream": "x"})
    assert error_of(told) == (500, "address bad: missing port in address")
    assert shown(ask("GET", "/proxies/a")) == before


def test_a_deleted_proxy_is_gone_and_its_port_free(ask: Asker) -> None:
    listen = ask("POST", "/proxies", WISH).json()["listen"]
    told = ask("DELETE", "/proxies/a", b"junk")
    assert (told.status, told.body) == (204, b"")
    assert told.headers["x-toxiproxy-request-id"]
    assert is_refused(listen)
    assert ask("POST", "/proxies", WISH | {"listen": listen}).status == 201


def test_populate_keeps_an_identical_proxy_and_replaces_another(ask: Asker) -> None:
    listen = ask("POST", "/proxies", WISH).json()["listen"]
    ask("POST", "/proxies/a/toxics", {"type": "noop"})
    same = WISH | {"listen": listen}
    told = ask(
        "POST", "/populate", [same, {"name": "b", "upstream": "x:1", "listen": LOOPBACK, "enabled": False}]
    )
    assert (told.status, told.headers["content-type"]) == (201, "application/json")
    assert [(each["name"], each["enabled"]) for each in told.json()["proxies"]] == [("a", True), ("b", False)]
    assert len(told.json()["proxies"][0]["toxics"]) == 1
    told = ask("POST", "/populate", [same | {"upstream": "127.0.0.1:10"}])
    assert told.json()["proxies"][0]["toxics"] == []


def test_populate_checks_all_before_it_makes_any(ask: Asker) -> None:
    told = ask("POST", "/populate", [WISH, {"name": "b"}])
    expected = {"error": "missing required field: upstream at proxy 2", "status": 400, "proxies": None}
    assert (told.status, told.json(), told.headers["content-type"]) == (400, expected, "application/json")
    assert ask("GET", "/proxies").json() == {}


def test_populate_tells_which_proxies_it_made_before_one_failed(ask: Asker) -> None:
    told = ask("POST", "/populate", [WISH, {"name": "b", "upstream": "x", "listen": UNBINDABLE}])
    assert told.status == 500
    assert [each["name"] for each in told.json()["proxies"]] == ["a"]
    assert told.json()["error"].startswith(f"listen tcp {UNBINDABLE}: bind: ")


@pytest.mark.parametrize("body", [b"[]", b"null"])
def test_populating_nothing_makes_nothing(ask: Asker, body: bytes) -> None:
    told = ask("POST", "/populate", body)
    assert (told.status, told.json()) == (201, {"proxies": None})


def test_reset_enables_all_and_removes_every_toxic(ask: Asker) -> None:
    ask("POST", "/proxies", WISH | {"enabled": False})
    ask("POST", "/proxies/a/toxics", {"type": "noop"})
    assert ask("POST", "/reset").status == 204
    after = ask("GET", "/proxies/a").json()
    assert (after["enabled"], after["toxics"]) == (True, [])
    assert not is_refused(after["listen"])


def test_reset_that_cannot_listen_is_an_error(ask: Asker) -> None:
    ask("POST", "/proxies", WISH | {"enabled": False, "listen": UNBINDABLE})
    assert error_of(ask("POST", "/reset"))[0] == 500


def test_a_proxy_shows_no_more_and_no_less(proxy: Proxy, ask: Asker) -> None:
    assert set(shown(ask("GET", "/proxies/p"))) == {"name", "listen", "upstream", "enabled", "toxics"}
