"""Raw requests to a server's API: status, headers and body as they come, with no library between."""

import http.client
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Told(NamedTuple):
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


class Asker:
    """One kept connection to a server."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port or 0, timeout=20)

    def __call__(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Told:
        """Ask; a body that is no bytes is sent as JSON."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        self._connection.request(method, path, data, headers or {})
        answer = self._connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Told(answer.status, told, answer.read())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def shown(told: Told) -> dict[str, object]:
    """A proxy as told, without the original's logger."""
    return {key: value for key, value in told.json().items() if key != "Logger"}


def error_of(told: Told) -> tuple[int, str]:
    """Status and words of an error, whose form is checked."""
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    assert told.json()["status"] == told.status
    return told.status, told.json()["error"]
