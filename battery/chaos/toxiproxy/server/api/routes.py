"""Which operation a method and a path mean."""

import posixpath
import urllib.parse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from battery.chaos.toxiproxy.server.api.answer import Answer, refused, text_answer
from battery.chaos.toxiproxy.server.api.operations import Asked, Operations
from battery.chaos.toxiproxy.server.api.refusal import Refusal
from battery.chaos.toxiproxy.server.metrics import metrics
from battery.chaos.toxiproxy.server.plane.address import AddressProblem
from battery.chaos.toxiproxy.server.plane.collection import Collection
from battery.model.frozen import Frozen

Operation: TypeAlias = Callable[[Asked], Awaitable[Answer]]
_ANY = "*"


class Request(Frozen, frozen=True, kw_only=True):
    """A request as far as the API looks at it; the target is still percent-encoded."""

    method: str
    target: str
    agent: str = ""
    body: bytes = b""


class Routes:
    """The table, and what is answered where it says nothing."""

    def __init__(self, proxies: Collection, *, counted: bool = False) -> None:
        do = Operations(proxies)
        proxy, toxics = ("proxies", _ANY), ("proxies", _ANY, "toxics")
        self._table: dict[tuple[str, ...], Mapping[str, Operation]] = {
            ("proxies",): {"GET": lambda _: do.list_proxies(), "POST": do.create_proxy},
            proxy: {"GET": do.show_proxy, "DELETE": do.delete_proxy, **_both(do.update_proxy)},
            toxics: {"GET": do.list_toxics, "POST": do.create_toxic},
            (*toxics, _ANY): {"GET": do.show_toxic, "DELETE": do.delete_toxic, **_both(do.update_toxic)},
            (*proxy, "connections"): {"GET": do.list_connections},
            (*proxy, "counts"): {"GET": do.count_connections},
            ("populate",): {"POST": do.populate},
            ("reset",): {"POST": lambda _: do.reset()},
            ("version",): {"GET": lambda _: do.version()},
        }
        if counted:
            self._table[("metrics",)] = {"GET": lambda _: metrics(proxies)}

    async def answer(self, request: Request) -> Answer:
        """Find the operation and do it."""
        path, _, query = request.target.partition("?")
        if (clean := _clean(path)) != path:
            location = f"{clean}?{query}" if query else clean
            return Answer(status=301, headers={"Location": location}, matched=False)
        # Split before decoding: a name may hold a slash, which the original can create but never find again.
        parts = [_decoded(part) for part in path[1:].split("/")]
        methods = self._methods(parts)
        if methods is None:
            return text_answer(404, "404 page not found", matched=False)
        operation = methods.get(request.method)
        if operation is None:
            return Answer(status=405, matched=False)
        if request.agent.startswith("Mozilla/"):
            return text_answer(
                403, "User agent not allowed"
            )  # a page in a browser must not reach this server
        try:
            return await operation(Asked(names=tuple(parts[1::2]), body=request.body))
        except Refusal as refusal:
            return refused(refusal)
        except AddressProblem as problem:
            return refused(Refusal(str(problem), 500))

    def _methods(self, parts: Sequence[str]) -> Mapping[str, Operation] | None:
        for pattern, methods in self._table.items():
            if len(pattern) == len(parts) and all(
                part if wanted == _ANY else part == wanted
                for wanted, part in zip(pattern, parts, strict=True)
            ):
                return methods
        return None


def _both(operation: Operation) -> dict[str, Operation]:
    return {"POST": operation, "PATCH": operation}


def _clean(path: str) -> str:
    """The path without dots and doubled slashes; a slash at its end stays."""
    clean = posixpath.normpath(f"/{path.lstrip('/')}")
    return f"{clean}/" if path.endswith("/") and clean != "/" else clean


def _decoded(part: str) -> str:
    return urllib.parse.unquote_to_bytes(part.encode("latin-1", "replace")).decode("utf-8", "replace")
