"""The request bytes of an endpoint, as httpcore takes them."""

import httpcore
import pytest

from battery.load.http2.outgoing import HTTP_1_1, HTTP_2, origin_of, outgoing
from battery.load.requests import endpoints_of
from battery.model.definition import Definition
from battery.model.target import Endpoint, Target
from tests.integration.load.driving import at_rate, endpoint, job

ORIGIN = httpcore.Origin(b"https", b"h", 8443)
HEAD = b"POST /a?b=%C3%A9 HTTP/1.1\r\nHost: h:8443\r\nX-Token: a: b\r\nConnection: close\r\nTE: gzip\r\nContent-Length: 6\r\n\r\n"


@pytest.mark.parametrize("version", [HTTP_1_1, HTTP_2])
def test_method_target_and_body_are_those_of_the_endpoint(version: str) -> None:
    request = outgoing(endpoint(HEAD + b"a\r\n\r\nb"), ORIGIN, version)
    assert (request.method, request.url.target) == (b"POST", b"/a?b=%C3%A9")
    assert request.url.origin == ORIGIN
    assert list(request.stream) == [b"a\r\n\r\nb"]  # type: ignore[arg-type] # bytes give both kinds of iterable
    assert (b"X-Token", b"a: b") in request.headers


def test_what_speaks_of_the_connection_stays_out_of_http_2() -> None:
    names = {name for name, _ in outgoing(endpoint(HEAD), ORIGIN, HTTP_2).headers}
    assert names == {b"Host", b"X-Token", b"Content-Length"}
    assert (b"Connection", b"close") in outgoing(endpoint(HEAD), ORIGIN, HTTP_1_1).headers


def test_every_header_of_a_definition_arrives() -> None:
    target = Target(url="https://h:8443", headers={"X-Empty": ""})
    definition = Definition(target=target, endpoint=(Endpoint(name="a", path="/", headers={"X-One": "1"}),))
    (built,) = endpoints_of(definition, {})
    headers = dict(outgoing(built, ORIGIN, HTTP_2).headers)
    assert headers[b"Host"] == b"h:8443"
    assert headers[b"User-Agent"] == b"hardening-battery"
    assert (headers[b"X-Empty"], headers[b"X-One"]) == (b"", b"1")


@pytest.mark.parametrize(("tls", "scheme"), [(True, b"https"), (False, b"http")])
def test_the_origin_is_where_the_job_goes(tls: bool, scheme: bytes) -> None:
    assert origin_of(job(80, at_rate(1, 1.0), tls=tls)) == httpcore.Origin(scheme, b"127.0.0.1", 80)
