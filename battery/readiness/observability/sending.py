"""Requests to the target's endpoints, one by one: what was sent, and how it was answered."""

import time
from collections.abc import Iterable, Mapping
from contextlib import closing

import httpx

from battery.model.definition import Definition
from battery.model.frozen import Frozen
from battery.model.target import Endpoint
from battery.redaction import resolve

_SAFE = ("GET", "HEAD")
_MOST_BYTES = 16 * 2**20


class Answered(Frozen, frozen=True, kw_only=True):
    """How one request was answered."""

    status: int
    headers: dict[str, str]


class Sender:
    """Sends endpoints of battery.toml through a client that reaches the target only."""

    def __init__(self, http: httpx.Client, environ: Mapping[str, str]) -> None:
        self._http, self._environ = http, environ

    def send(
        self, endpoint: Endpoint, headers: Mapping[str, str] = {}, *, timeout: float = 10.0
    ) -> Answered | None:
        """The answer; none where there was no whole one in time. A body without end is let go of."""
        own = {name: resolve(value, self._environ) for name, value in endpoint.headers.items()}
        if endpoint.body:
            own = {"Content-Type": "application/json", **own}
        request = self._http.build_request(
            endpoint.method,
            endpoint.path,
            headers={**own, **headers},
            content=endpoint.body.encode() or None,
            timeout=timeout,
        )
        end, read = time.monotonic() + timeout, 0
        try:
            answer = self._http.send(request, stream=True)
            with closing(answer):
                for chunk in answer.iter_raw():
                    read += len(chunk)
                    if read > _MOST_BYTES or time.monotonic() > end:
                        return None
        except httpx.RequestError:
            return None
        return Answered(status=answer.status_code, headers=dict(answer.headers))


def harmless(definition: Definition, names: Iterable[str] = ()) -> tuple[Endpoint, ...]:
    """The endpoints of these names, or all that only read; the ready or live path where there are none."""
    wanted = set(names)
    chosen = [
        each for each in definition.endpoint if (each.name in wanted if wanted else each.method in _SAFE)
    ]
    target = definition.target
    return tuple(chosen) or (Endpoint(name="target", path=target.ready or target.live or "/"),)
