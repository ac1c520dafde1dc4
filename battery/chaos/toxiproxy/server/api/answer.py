"""An answer of the API, as bytes to send: byte for byte the original's, but for what its proxies tell of their logger."""

import http
from collections.abc import Mapping
from typing import Any

import msgspec

from battery.chaos.toxiproxy.server.api.refusal import Refusal
from battery.model.frozen import Frozen

_JSON, _TEXT = "application/json", "text/plain; charset=utf-8"
# The original's encoder escapes what could end a script element.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPED = str.maketrans(_ESCAPES)


class Answer(Frozen, frozen=True, kw_only=True):
    """Status, headers, body; `matched` where a route was found, which gives the answer a request id."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}
    matched: bool = True


def json_answer(value: Any, status: int = 200) -> Answer:
    """A value as JSON."""
    text = msgspec.json.encode(value).decode().translate(_ESCAPED)
    return Answer(status=status, body=text.encode(), headers={"Content-Type": _JSON})


def nothing() -> Answer:
    """Done, and nothing to say."""
    return Answer(status=204)


def text_answer(status: int, text: str, *, matched: bool = True) -> Answer:
    """A line of text."""
    headers = {"Content-Type": _TEXT, "X-Content-Type-Options": "nosniff"}
    return Answer(status=status, body=f"{text}\n".encode(), headers=headers, matched=matched)


def refused(refusal: Refusal) -> Answer:
    """JSON under the content type of text, as the original sends its errors."""
    told = json_answer({"error": refusal.text, "status": refusal.status})
    return text_answer(refusal.status, told.body.decode())


def sent(answer: Answer, request_id: str, *, keep_alive: bool, bodiless: bool = False) -> bytes:
    """The bytes of an answer; to a HEAD request all but the body."""
    lines = [f"HTTP/1.1 {answer.status} {http.HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.matched:
        lines.append(f"X-Toxiproxy-Request-Id: {request_id}")
    if answer.status != http.HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(answer.body)}")
    if not keep_alive:
        lines.append("Connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if bodiless else head + answer.body
