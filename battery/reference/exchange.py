"""One request and its answer, as metrics and log see them."""

import re
import secrets

from starlette.types import Message, Scope

UNMATCHED = "(unmatched)"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ID: re.Pattern[str] = re.compile(r"[A-Za-z0-9._-]{1,64}")
# What is known of a request is kept in its scope: the only thing that the router and the middleware share.
_REQUEST_ID, _TEMPLATE = "battery.request_id", "battery.template"


class Exchange:
    """A request under way; its status is 500 until an answer starts."""

    def __init__(self, scope: Scope, started: float) -> None:
        self.scope, self.started, self.status, self.is_answered = scope, started, 500, False
        self.request_id = scope[_REQUEST_ID] = _chosen_id(scope)

    @property
    def method(self) -> str:
        """The method, or OTHER: a client must not be able to invent label values."""
        method: str = self.scope["method"]
        return method if method in _METHODS else "OTHER"

    @property
    def route(self) -> str:
        """The template of the matched route, such as `/api/orders/{id}`."""
        template: str = self.scope.get(_TEMPLATE, UNMATCHED)
        return template

    def starts_answer(self, message: Message) -> bool:
        """Whether `message` starts the answer; remembers its status."""
        if message["type"] != "http.response.start":
            return False
        self.status = message["status"]
        return True

    def sent(self, message: Message) -> None:
        """Remember that the answer is whole once its last part has left."""
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.is_answered = True


def fresh_id() -> str:
    """An id for a request that brings none."""
    return secrets.token_hex(8)


def match_template(scope: Scope, template: str) -> None:
    """Note which route a request has reached."""
    scope[_TEMPLATE] = template


def request_id_of(scope: Scope) -> str:
    """The id of the request that `scope` describes."""
    request_id: str = scope.get(_REQUEST_ID, "")
    return request_id


def _chosen_id(scope: Scope) -> str:
    """The client's own id where it is harmless in logs and headers, else a fresh one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and (match := _ID.fullmatch(value.decode("latin-1"))):
            return match[0]
    return fresh_id()
