"""What exceptions say about the target. Libraries are known by name: here stand classes of the same names."""

import errno
import ssl
import zlib
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected
from socket import gaierror
from types import SimpleNamespace

import pytest

from battery.load.journeys.kinds import answer_kind, kind_of, shortage_of
from battery.load.snapshot import ERROR_KINDS


def of_library(module: str, name: str, *bases: type) -> type[Exception]:
    return type(name, bases or (Exception,), {"__module__": module})


RequestException = of_library("requests.exceptions", "RequestException", OSError)
LibraryConnectionError = of_library("requests.exceptions", "ConnectionError", RequestException)
UrllibError = of_library("urllib3.exceptions", "HTTPError")
MaxRetryError = of_library("urllib3.exceptions", "MaxRetryError", UrllibError)
NewConnectionError = of_library("urllib3.exceptions", "NewConnectionError", UrllibError)
CatchResponseError = of_library("locust.exception", "CatchResponseError")
ClientError = of_library("geventhttpclient.useragent", "ConnectionError")
RetriesExceeded = of_library("geventhttpclient.useragent", "RetriesExceeded", ClientError)
GeventTimeout = type("Timeout", (BaseException,), {"__module__": "gevent.timeout"})


def wrapped(error: BaseException) -> BaseException:
    """As requests hands on what happened to its connection."""
    inner = NewConnectionError("failed to establish")
    inner.__cause__ = error
    return LibraryConnectionError(MaxRetryError(inner))


def exceeded(error: BaseException) -> Exception:
    found = RetriesExceeded("url")
    found.original = error  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), "refused"),
        (wrapped(ConnectionRefusedError(errno.ECONNREFUSED, "x")), "refused"),
        (wrapped(OSError(errno.EHOSTUNREACH, "x")), "refused"),
        (gaierror(-2, "unknown"), "refused"),
        (ConnectionResetError(), "reset"),
        (BrokenPipeError(), "reset"),
        (LibraryConnectionError(RemoteDisconnected("closed")), "reset"),
        (LibraryConnectionError(IncompleteRead(b"half")), "reset"),
        (of_library("geventhttpclient.response", "HTTPConnectionClosed")(), "reset"),
        (OSError(errno.EIO, "x"), "reset"),
        (TimeoutError(), "timeout"),
        (of_library("requests.exceptions", "Timeout", RequestException)(), "timeout"),
        (exceeded(GeventTimeout()), "timeout"),
        (wrapped(ssl.SSLCertVerificationError("self-signed")), "tls"),
        (BadStatusLine("what"), "protocol"),
        (zlib.error("bad"), "protocol"),
        (of_library("geventhttpclient.response", "HTTPParseError")(), "protocol"),
        (of_library("requests.exceptions", "TooManyRedirects", RequestException)(), "protocol"),
        (of_library("requests.exceptions", "HTTPError", RequestException)(), "status"),
        (of_library("geventhttpclient.useragent", "BadStatusCode", ClientError)(), "status"),
        (CatchResponseError("I do not like it"), "expectation"),
        (AssertionError(), "expectation"),
        (ValueError("not JSON"), "expectation"),
        ("a string", "expectation"),
    ],
)
def test_every_exception_has_a_kind(error: object, kind: str) -> None:
    assert kind in ERROR_KINDS
    assert kind_of(error) == kind


def test_a_judgement_goes_by_the_facts_behind_it() -> None:
    judged = CatchResponseError("I do not like it")
    assert kind_of(judged, SimpleNamespace(status_code=503)) == "status"
    assert kind_of(judged, SimpleNamespace(status_code=200)) == "expectation"
    assert kind_of(judged, SimpleNamespace(status_code=0, error=ConnectionRefusedError())) == "refused"


def test_an_answer_that_nobody_judged_goes_by_its_status() -> None:
    assert answer_kind(SimpleNamespace(status_code=200)) == ""
    assert answer_kind(SimpleNamespace(status_code=404, error=None)) == "status"
    assert answer_kind(SimpleNamespace(status_code=0, error=TimeoutError())) == "timeout"
    assert answer_kind(None) == ""


def test_what_this_machine_lacks_is_no_failure_of_the_target() -> None:
    assert shortage_of(wrapped(OSError(errno.EMFILE, "x"))) == "no free descriptor"
    assert shortage_of(OSError(errno.EADDRNOTAVAIL, "x")) == "no free local port or address"
    assert shortage_of(wrapped(ConnectionRefusedError(errno.ECONNREFUSED, "x"))) == ""
    assert shortage_of("a string") == ""


def test_a_chain_that_goes_in_circles_comes_to_an_end() -> None:
    one, other = LibraryConnectionError(), LibraryConnectionError()
    one.__cause__, other.__cause__ = other, one
    assert kind_of(one) == "protocol"
