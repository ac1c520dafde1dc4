"""Random sequences of API requests, and what may differ between two servers that are asked the same."""

import json
import random
import re
import socket
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from tests.integration.chaos.toxiproxy.asking import Asker, Told

# The first of each comes most often: requests that miss everything find no difference.
NAMES = (*["a"] * 12, *["é?"] * 3, "b", "c d", "<&>")
TOXICS = (*["t"] * 8, *["ü v"] * 3, "latency_downstream", "noop_upstream")
STREAMS = ("upstream", "downstream", "UpStream", "sideways", "")
UPSTREAMS = (*["127.0.0.1:9"] * 6, "example:1", "<x>", "")
LISTENS = (
    *[*["127.0.0.1:0"] * 3, *["PORT0"] * 4, *["PORT1"] * 3, "localhost:PORT1", "[::1]:0", ""] * 2,
    *["192.0.2.1:5", "bad", "a:b:c"],
)
ODD: tuple[Any, ...] = (None, 5, 1.5, True, "x", [], {}, -3)
NOT_JSON = (
    b"",
    b"{",
    b'{"name":',
    b"xyz",
    b'{"a":1,}',
    b"[]",
    b"5",
    b'"s"',
    b"null",
    b"true",
    b"{}",
    b"[{}]",
    b"[5]",
)
_PORTS_BELOW_EPHEMERAL = range(20_000, 32_000)


class Step(NamedTuple):
    """One request; ports stand as `PORT0`, so that each server can have its own."""

    method: str
    path: str
    body: bytes | None


def free_ports(count: int, source: random.Random) -> list[int]:
    """Ports that no client socket of this machine takes by chance."""
    found: list[int] = []
    while len(found) < count:
        port = source.choice(_PORTS_BELOW_EPHEMERAL)
        with socket.socket() as probe:
            if port not in found and probe.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
    return found


def sequence(source: random.Random) -> Iterator[Step]:
    """Some requests, most of them sensible, after one that makes a proxy."""
    yield Step("POST", "/proxies", b'{"name":"a","upstream":"127.0.0.1:9","listen":"PORT0"}')
    for _ in range(source.randint(4, 16)):
        yield source.choice(_WEIGHTED)(source)


def _attributes(source: random.Random, type_: str) -> dict[str, Any]:
    # What the contract wants better is left out: sizes of 0 and negative rates, which make the original crash.
    small = source.randint(0, 9)
    known: dict[str, dict[str, Any]] = {
        "latency": {"latency": small, "jitter": source.randint(-2, 5)},
        "bandwidth": {"rate": small},
        "slow_close": {"delay": small},
        "timeout": {"timeout": small},
        "reset_peer": {"timeout": small},
        "slicer": {"average_size": small + 20, "size_variation": small, "delay": small},
        "limit_data": {"bytes": small},
    }
    attributes = known.get(type_, {})
    if type_ != "slicer" and attributes and source.random() < 0.3:
        attributes.pop(source.choice(list(attributes)))
    if source.random() < 0.08 and attributes:
        attributes[source.choice(list(attributes))] = source.choice((1.5, "x", [], {}, True, 10**20))
    return attributes


def _toxic(source: random.Random) -> Any:
    type_ = source.choice((*_KINDS, "unheard"))
    toxic: dict[str, Any] = {"type": type_, "attributes": _attributes(source, type_)}
    if source.random() < 0.8:
        toxic["name"] = source.choice((*TOXICS, *TOXICS, ""))
    if source.random() < 0.6:
        toxic["stream"] = source.choice(STREAMS[: 5 if source.random() < 0.2 else 2])
    if source.random() < 0.4:
        toxic["toxicity"] = source.choice((0, 1, 0.3, 0.123456789, -1, 1e-7, 2.5e10, "x"))
    return _odd(source, toxic, keep=("type", "attributes"))


def _proxy(source: random.Random) -> Any:
    proxy: dict[str, Any] = {
        "name": source.choice((*NAMES, "")),
        "listen": source.choice(LISTENS),
        "upstream": source.choice(UPSTREAMS),
    }
    if source.random() < 0.4:
        proxy["enabled"] = source.choice((True, False, False, None))
    return _odd(source, proxy)


def _odd(source: random.Random, document: dict[str, Any], keep: Sequence[str] = ()) -> dict[str, Any]:
    """Now and then a key in other letters, a value of another kind, one more key, or one less."""
    changed = dict(document)
    for key in [key for key in document if key not in keep]:
        dice = source.random()
        if dice < 0.03:
            changed[key] = source.choice(ODD)
        elif dice < 0.06:
            changed[key.upper()] = changed.pop(key)
        elif dice < 0.09:
            del changed[key]
    if source.random() < 0.1:
        changed["whatever"] = source.choice(ODD)
    return changed


def _body(source: random.Random, document: Any) -> bytes:
    if source.random() < 0.05:
        return source.choice(NOT_JSON)
    return json.dumps(document, ensure_ascii=source.random() < 0.5).encode()


def _in(source: random.Random, *rest: str) -> str:
    return "/".join(["/proxies", urllib.parse.quote(source.choice(NAMES), safe=""), *rest])


def _of(source: random.Random) -> str:
    return _in(source, "toxics", urllib.parse.quote(source.choice(TOXICS), safe=""))


def _changed_toxic(source: random.Random) -> Step:
    # The generator does not know the toxic's kind: attributes of several are sent, and unknown ones are ignored.
    document: dict[str, Any] = {"attributes": {}}
    for type_ in ("latency", "bandwidth", "timeout"):
        document["attributes"] |= _attributes(source, type_)
    if source.random() < 0.4:
        document["toxicity"] = source.choice((0.5, 1, None, "x"))
    return Step(source.choice(("PATCH", "POST")), _of(source), _body(source, document))


def _elsewhere(source: random.Random) -> Step:
    paths = (
        "/",
        "/nope",
        "/proxies/",
        "//proxies",
        "/proxies/./a",
        "/metrics",
        "/version",
        "/reset/x",
        _in(source),
    )
    return Step(source.choice(("GET", "PUT", "HEAD", "OPTIONS")), source.choice(paths), None)


def _updated_proxy(source: random.Random) -> Step:
    document = {key: value for key, value in _proxy(source).items() if source.random() < 0.5}
    return Step(source.choice(("PATCH", "POST")), _in(source), _body(source, document))


_KINDS = ("latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data", "noop")
_MAKERS: dict[Callable[[random.Random], Step], int] = {
    lambda source: Step("POST", "/proxies", _body(source, _proxy(source))): 8,
    lambda source: Step("GET", "/proxies", None): 2,
    lambda source: Step("GET", _in(source), None): 2,
    _updated_proxy: 5,
    lambda source: Step("DELETE", _in(source), None): 2,
    lambda source: Step("POST", _in(source, "toxics"), _body(source, _toxic(source))): 12,
    lambda source: Step("GET", _in(source, "toxics"), None): 2,
    lambda source: Step("GET", _of(source), None): 2,
    _changed_toxic: 7,
    lambda source: Step("DELETE", _of(source), None): 2,
    lambda source: Step(
        "POST", "/populate", _body(source, [_proxy(source) for _ in range(source.randint(0, 3))])
    ): 3,
    lambda source: Step("POST", "/reset", None): 1,
    _elsewhere: 2,
}
_WEIGHTED = [maker for maker, weight in _MAKERS.items() for _ in range(weight)]


class Subject:
    """One of the servers, with ports of its own."""

    def __init__(self, ask: Asker, ports: Sequence[int]) -> None:
        self.ask, self._ports = ask, ports

    def clear(self) -> None:
        """Without a proxy."""
        for name in self.ask("GET", "/proxies").json():
            assert self.ask("DELETE", f"/proxies/{urllib.parse.quote(name, safe='')}").status == 204

    def do(self, step: Step) -> tuple[Any, ...]:
        """What is the same for every server that keeps the contract."""
        body = step.body
        for index, port in enumerate(self._ports):
            body = body and body.replace(f"localhost:PORT{index}".encode(), f"localhost:{port}".encode())
            body = body and body.replace(f"PORT{index}".encode(), f"127.0.0.1:{port}".encode())
        told = self.ask(step.method, step.path, body)
        known = "x-toxiproxy-request-id" in told.headers
        kind = told.headers.get("content-type", "")
        return told.status, known, kind, told.headers.get("location", ""), self._normal(told)

    def _normal(self, told: Told) -> str:
        text = told.body.decode()
        for index, port in enumerate(self._ports):
            text = text.replace(f"127.0.0.1:{port}", f"PORT{index}")
        text = re.sub(r'("listen":"[^"]*:)[1-9][0-9]{3,4}"', r'\1FREE"', text)
        text = text.replace('"Logger":{},', "")  # what the original gives away of itself
        # How a syntax error is called is Go's own, beyond the two ends of file.
        text = re.sub(
            r'bad request body: (?!json|EOF|unexpected EOF)[^"\\]*(\\.[^"\\]*)*',
            "bad request body: SYNTAX",
            text,
        )
        return re.sub(r'\{"version": "[^"]*"\}', "VERSION", text)


def difference(steps: Sequence[Step], one: Subject, other: Subject) -> str:
    """Where two servers answer differently; empty if nowhere."""
    one.clear()
    other.clear()
    for number, step in enumerate(steps, 1):
        answers = one.do(step), other.do(step)
        if answers[0] != answers[1]:
            if step.path == "/reset" and answers[0][0] == answers[1][0] == 500:
                return ""  # several cannot listen, and the original tells of any
            return f"step {number} {step}\n  one   {answers[0]}\n  other {answers[1]}"
        status = answers[0][0]
        if step.path == "/reset" and status == 500:
            return ""  # the original leaves the rest as it was, in an order that is random
        if status == 400 and step.method in ("PATCH", "POST") and step.path.count("/") == 4:
            # The original keeps what it had read of an update before it refused it.
            for subject in (one, other):
                subject.do(Step("DELETE", step.path, None))
    return ""
