"""Endpoints as the bytes that are sent."""

from typing import Any

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.errors import UsageError
from battery.load.requests import address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Endpoint, Expect, Target
from tests.unit.load.conftest import unhurried


def request(url: str = "http://host", headers: dict[str, str] | None = None, **endpoint: Any) -> bytes:
    defaults: dict[str, Any] = {"name": "a", "path": "/"}
    definition = Definition(
        target=Target(url=url, headers=headers or {}), endpoint=(Endpoint(**(defaults | endpoint)),)
    )
    (built,) = endpoints_of(definition, {"TOKEN": "s3cret", "BAD": "a\r\nX-Evil: 1"})
    return built.request


def fields(request: bytes) -> dict[bytes, bytes]:
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    names = [line.partition(b": ")[0].lower() for line in lines]
    assert len(set(names)) == len(names), f"a header twice: {names}"
    return dict(zip(names, (line.partition(b": ")[2] for line in lines), strict=True))


def test_a_get_says_what_it_must_and_no_more() -> None:
    assert request() == (
        b"GET / HTTP/1.1\r\nHost: host\r\nUser-Agent: hardening-battery\r\nAccept: */*\r\n"
        b"Accept-Encoding: identity\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://host:80", b"host"),
        ("https://host:443", b"host"),
        ("http://host:443", b"host:443"),
        ("http://[::1]:8080", b"[::1]:8080"),
        ("https://[::1]", b"[::1]"),
        ("http://[fe80::1%25eth0]:81", b"[fe80::1]:81"),
        ("http://bücher.example", b"xn--bcher-kva.example"),
    ],
)
def test_the_host_header_names_the_target_as_its_url_does(url: str, host: bytes) -> None:
    assert fields(request(url))[b"host"] == host


def test_an_ipv6_address_is_reached_without_its_brackets() -> None:
    where = address("https://[::1]:8443/")
    assert (where.host, where.port, where.tls, where.prefix) == ("::1", 8443, True, "")


def test_the_path_of_the_url_goes_before_every_path() -> None:
    assert request("http://host/api/v1/", path="/x?y=1").startswith(b"GET /api/v1/x?y=1 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "url",
    [
        *("http://h/?a=1", "http://h/#x", "http://h?", "http://h:0", "http://h:99999", "http://h:x"),
        *("ftp://h", "h:80", "", "http://", "http://[::1", "http://u:secret@h", "http://a..b\u00e9"),
    ],
)
def test_a_url_that_says_too_much_or_too_little_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        address(url)
    assert "secret" not in str(refused.value)


def test_a_path_beyond_ascii_is_sent_as_its_utf_8() -> None:
    assert request(path="/büro/%41?q=ü#x").startswith(b"GET /b%C3%BCro/%41?q=%C3%BC%23x HTTP/1.1\r\n")


def test_a_body_is_framed_by_its_bytes() -> None:
    sent = request(method="POST", body='{"name": "Jürgen"}')
    head, _, body = sent.partition(b"\r\n\r\n")
    assert body == '{"name": "Jürgen"}'.encode()
    assert fields(sent)[b"content-length"] == str(len(body)).encode()
    assert fields(sent)[b"content-type"] == b"application/json"
    assert head.startswith(b"POST / ")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_an_empty_body_is_said_to_be_empty(method: str) -> None:
    assert fields(request(method=method))[b"content-length"] == b"0"


def test_a_users_header_replaces_ours_whatever_its_case() -> None:
    sent = fields(request_with({"HOST": "other", "x-a": "1"}, {"content-TYPE": "text/plain", "X-A": "2"}))
    assert (sent[b"host"], sent[b"content-type"], sent[b"x-a"]) == (b"other", b"text/plain", b"2")


def request_with(common: dict[str, str], own: dict[str, str]) -> bytes:
    endpoint = Endpoint(name="a", path="/", method="POST", body="x", headers=own)
    definition = Definition(target=Target(url="http://h", headers=common), endpoint=(endpoint,))
    return endpoints_of(definition, {"TOKEN": "s3cret", "BAD": "a\r\nX-Evil: 1"})[0].request


def test_a_secret_comes_from_its_variable() -> None:
    assert fields(request_with({"Authorization": "env:TOKEN"}, {}))[b"authorization"] == b"s3cret"


def test_a_variable_that_is_not_set_is_said() -> None:
    with pytest.raises(UsageError, match="MISSING"):
        request_with({}, {"X-A": "env:MISSING"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "1\r\nX-Evil: 1"),
        ("X-A", "1\nX-Evil: 1"),
        ("X-A", "1\0"),
        ("X-A", "\x7f"),
        ("X-A", "env:BAD"),
        ("X-A", "€"),
        ("X-A\r\nX-Evil", "1"),
        ("X A", "1"),
        ("", "1"),
        ("X-A:", "1"),
        ("X-ü", "1"),
        ("Content-Length", "5"),
        ("transfer-encoding", "chunked"),
    ],
)
def test_what_cannot_be_a_header_is_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        request_with({}, {name: value})
    assert "Evil: 1" not in str(refused.value), "the value may be a secret"


def test_without_endpoints_the_target_is_asked_whether_it_is_ready() -> None:
    def path(**target: str) -> bytes:
        return endpoints_of(Definition(target=Target(url="http://h", **target)), {})[0].request.split(b" ")[1]  # type: ignore[arg-type]

    assert path(ready="/ready", live="/live") == b"/ready"
    assert path(live="/live") == b"/live"
    assert path() == b"/"


def test_an_endpoint_keeps_its_weight_and_what_it_expects() -> None:
    expect = Expect(status=(200, 404), body_contains="ö")
    endpoint = Endpoint(name="b", path="/", weight=3, weight_class="heavy", expect=expect)
    (built,) = endpoints_of(Definition(target=Target(url="http://h"), endpoint=(endpoint,)), {})
    assert (built.name, built.weight, built.weight_class) == ("b", 3, "heavy")
    assert (built.status, built.body_contains) == ((200, 404), "ö".encode())


@unhurried
@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=30),
    st.text(max_size=50).filter(lambda text: not any("\ud800" <= mark <= "\udfff" for mark in text)),
)
def test_a_server_reads_one_request_whatever_stands_in_path_and_body(path: str, body: str) -> None:
    class Reader:
        def __init__(self) -> None:
            self.urls: list[bytes] = []
            self.body = b""
            self.ends = 0

        def on_url(self, url: bytes) -> None:
            self.urls.append(url)

        def on_body(self, part: bytes) -> None:
            self.body += part

        def on_message_complete(self) -> None:
            self.ends += 1

    reader = Reader()
    httptools.HttpRequestParser(reader).feed_data(request(path="/" + path, body=body, method="POST"))
    assert reader.ends == 1
    assert reader.body == body.encode()
    assert b"".join(reader.urls).isascii()
