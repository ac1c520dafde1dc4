"""Kinds: what a client library's exception says about the target, in the words of the ledger. Pure.

Libraries are known by name only, so that none of them has to be imported.
"""

import errno
from collections.abc import Iterator

_MOST_LINKS = 16
_KINDS = {
    "builtins.TimeoutError": "timeout",
    "gevent.Timeout": "timeout",
    "requests.Timeout": "timeout",
    "urllib3.TimeoutError": "timeout",
    "ssl.SSLError": "tls",
    "ssl.CertificateError": "tls",
    "requests.SSLError": "tls",
    "urllib3.SSLError": "tls",
    "builtins.ConnectionRefusedError": "refused",
    "socket.gaierror": "refused",
    "urllib3.NameResolutionError": "refused",
    "builtins.ConnectionError": "reset",
    "http.IncompleteRead": "reset",
    "urllib3.IncompleteRead": "reset",
    "geventhttpclient.HTTPConnectionClosed": "reset",
    "geventhttpclient.EmptyResponse": "reset",
    "geventhttpclient.BadStatusCode": "status",
    "locust.LocustBadStatusCode": "status",
    "requests.HTTPError": "status",
    "http.HTTPException": "protocol",
    "zlib.error": "protocol",
}
_LIBRARIES = frozenset(("geventhttpclient", "gevent", "http", "requests", "socket", "urllib3"))
_NOBODY_THERE = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH)
# What this machine lacks says nothing about the target: such a request was never sent.
_SHORTAGES = {
    errno.EMFILE: "no free descriptor",
    errno.ENFILE: "no free descriptor",
    errno.EADDRNOTAVAIL: "no free local port or address",
    errno.ENOBUFS: "no memory for sockets",
    errno.ENOMEM: "no memory for sockets",
}


def kind_of(error: object, response: object = None) -> str:
    """The error kind of a failed request.

    What the locustfile itself judged (`response.failure(…)`) goes by the facts behind it where there are any: the
    transport's error, or a status of 400 and more.
    """
    if not isinstance(error, BaseException):
        return answer_kind(response) or "expectation"
    for link in _chain(error):
        if kind := _known(link):
            return kind
    if _library(type(error)) in _LIBRARIES:
        return "protocol"
    return answer_kind(response) or "expectation"


def answer_kind(response: object) -> str:
    """The error kind of an answer that nobody judged; empty when there is nothing wrong with it."""
    error = getattr(response, "error", None)
    if isinstance(error, BaseException):
        return kind_of(error)
    status = getattr(response, "status_code", None)
    return "status" if isinstance(status, int) and status >= 400 else ""


def shortage_of(error: object) -> str:
    """What this machine lacked when the request could not be sent; empty when it lacked nothing."""
    links = _chain(error) if isinstance(error, BaseException) else ()
    numbers = (link.errno for link in links if isinstance(link, OSError))
    return next((_SHORTAGES[number] for number in numbers if number in _SHORTAGES), "")


def _known(error: BaseException) -> str:
    for base in type(error).__mro__:
        if kind := _KINDS.get(f"{_library(base)}.{base.__name__}", ""):
            return kind
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return "refused" if error.errno in _NOBODY_THERE else "reset"
    return ""


def _library(base: type) -> str:
    return base.__module__.partition(".")[0]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from; libraries keep that in attributes of their own."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < _MOST_LINKS:
        link = waiting.pop(0)
        if id(link) not in seen:
            seen.add(id(link))
            yield link
            inner = (getattr(link, "original", None), getattr(link, "reason", None), *link.args)
            candidates = (*inner, link.__cause__, None if link.__cause__ else link.__context__)
            waiting += [each for each in candidates if isinstance(each, BaseException)]
