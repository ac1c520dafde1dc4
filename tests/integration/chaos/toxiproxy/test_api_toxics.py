"""The contract of the API, over the embedded server and the original: toxics."""

import re

import pytest

from tests.integration.chaos.toxiproxy.asking import Asker, error_of

LOOPBACK = "127.0.0.1:0"
UNBINDABLE = "192.0.2.1:5"  # an address for documentation, which no machine has
WISH = {"name": "a", "listen": LOOPBACK, "upstream": "127.0.0.1:9"}
ADDRESS = re.compile(r"127\.0\.0\.1:[1-9][0-9]*")


def test_a_toxic_is_told_with_all_its_attributes(ask: Asker) -> None:
    ask("POST", "/proxies", WISH)
    told = ask("POST", "/proxies/a/toxics", {"type": "latency", "attributes": {"LATENCY": 15}})
    expected = {
        "attributes": {"latency": 15, "jitter": 0},
        "name": "latency_downstream",
        "type": "latency",
        "stream": "downstream",
        "toxicity": 1,
    }
    assert (told.status, told.json()) == (200, expected)
    assert ask("GET", "/proxies/a/toxics/latency_downstream").json() == expected
    assert ask("GET", "/proxies/a").json()["toxics"] == [expected]


@pytest.mark.parametrize(
    ("type_", "attributes"),
    [
        ("latency", {"latency": 1, "jitter": 2}),
        ("bandwidth", {"rate": 3}),
        ("slow_close", {"delay": 4}),
        ("timeout", {"timeout": 5}),
        ("reset_peer", {"timeout": 6}),
        ("slicer", {"average_size": 7, "size_variation": 2, "delay": 9}),
        ("limit_data", {"bytes": 10}),
        ("noop", {}),
    ],
)
def test_every_kind_keeps_its_attributes(ask: Asker, type_: str, attributes: dict[str, int]) -> None:
    ask("POST", "/proxies", WISH)
    told = ask("POST", "/proxies/a/toxics", {"type": type_, "attributes": attributes})
    assert told.json()["attributes"] == attributes
    bare = ask("POST", "/proxies/a/toxics", {"type": type_, "name": "n", "attributes": attributes})
    assert list(bare.json()["attributes"]) == list(attributes)


def test_toxics_are_listed_upstream_first_each_stream_in_the_order_of_adding(ask: Asker) -> None:
    ask("POST", "/proxies", WISH)
    for name, stream in [("d1", "downstream"), ("u1", "UPSTREAM"), ("d2", "downstream"), ("u2", "upstream")]:
        ask("POST", "/proxies/a/toxics", {"type": "noop", "name": name, "stream": stream})
    told = ask("GET", "/proxies/a/toxics")
    assert [toxic["name"] for toxic in told.json()] == ["u1", "u2", "d1", "d2"]
    assert told.json()[0]["stream"] == "UPSTREAM"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "bad request body: EOF"),
        (b"{}", "invalid toxic type"),
        (b"null", "invalid toxic type"),
        (b'{"type":"unheard"}', "invalid toxic type"),
        (b'{"type":"noop","stream":"sideways"}', "stream was invalid, can be either upstream or downstream"),
        (b'{"type":"noop","stream":""}', "stream was invalid, can be either upstream or downstream"),
        (
            b'{"type":5}',
            "bad request body: json: cannot unmarshal number into Go struct field ToxicWrapper.type of type string",
        ),
        (
            b'{"type":"latency","attributes":5}',
            "bad request body: json: cannot unmarshal number into Go struct field ToxicWrapper.attributes of type toxics.NoopToxic",
        ),
        (
            b'{"type":"latency","attributes":{"latency":1.5}}',
            "bad request body: json: cannot unmarshal number 1.5 into Go struct field LatencyToxic.attributes.latency of type int64",
        ),
        (
            b'{"type":"slicer","attributes":{"delay":true}}',
            "bad request body: json: cannot unmarshal bool into Go struct field SlicerToxic.attributes.delay of type int",
        ),
        (
            b'{"type":"noop","toxicity":1e39}',
            "bad request body: json: cannot unmarshal number 1e39 into Go struct field ToxicWrapper.toxicity of type float32",
        ),
    ],
)
def test_a_toxic_that_cannot_be_is_refused_in_these_words(ask: Asker, body: bytes, words: str) -> None:
    ask("POST", "/proxies", WISH)
    assert error_of(ask("POST", "/proxies/a/toxics", body)) == (400, words)
    assert ask("GET", "/proxies/a/toxics").json() == []


def test_a_toxic_name_is_taken_whatever_the_stream(ask: Asker) -> None:
    ask("POST", "/proxies", WISH)
    ask("POST", "/proxies/a/toxics", {"type": "noop", "name": "n"})
    again = {"type": "timeout", "name": "n", "stream": "upstream", "attributes": {"timeout": "x"}}
    assert error_of(ask("POST", "/proxies/a/toxics", again)) == (409, "toxic already exists")


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_a_toxic_update_merges_attributes_and_toxicity_only(ask: Asker, method: str) -> None:
    ask("POST", "/proxies", WISH)
    wish = {"type": "latency", "attributes": {"latency": 1, "jitter": 2}, "toxicity": 0.5}
    before = ask("POST", "/proxies/a/toxics", wish).json()
    path = "/proxies/a/toxics/latency_downstream"
    told = ask(
        method, path, {"attributes": {"jitter": 3}, "name": "z", "type": "timeout", "stream": "upstream"}
    )
    assert (told.status, told.json()) == (200, before | {"attributes": {"latency": 1, "jitter": 3}})
    assert ask(method, path, {"toxicity": 0.3}).json()["toxicity"] == 0.3
    words = "bad request body: json: cannot unmarshal string into Go struct field .toxicity of type float32"
    assert error_of(ask(method, path, {"toxicity": "x"})) == (400, words)


def test_a_deleted_toxic_is_gone(ask: Asker) -> None:
    ask("POST", "/proxies", WISH)
    ask("POST", "/proxies/a/toxics", {"type": "noop", "name": "n"})
    told = ask("DELETE", "/proxies/a/toxics/n")
    assert (told.status, told.body) == (204, b"")
    assert ask("GET", "/proxies/a/toxics").json() == []
