"""JSON over HTTP to the OSV service: bounded in time and size, and every failure a reason."""

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from battery.errors import UsageError
from battery.scan.sbom.unreadable import shown

if TYPE_CHECKING:
    import httpx

LARGEST = 64 * 2**20
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ServiceFailed(Exception):
    """The service did not give a usable answer; the text says how."""


class Transport:
    """Sends requests to one base URL until its time is spent. Raises: UsageError for a base that is no URL."""

    def __init__(self, base: str, *, timeout: float, budget: float, largest: int = LARGEST) -> None:
        host = _host(base)
        if not host:
            raise UsageError(f"{shown(base)!r} is no http or https URL of an OSV service")
        self._base, self._timeout, self._largest = base.rstrip("/"), timeout, largest
        self._loopback = host in _LOOPBACK
        self._ends = time.monotonic() + budget

    def __enter__(self) -> "Transport":
        """Open the connections. Raises: ServiceFailed."""
        import httpx

        # A proxy of the environment is for the outside world, not for a service on this machine.
        try:
            self._client = httpx.Client(
                timeout=self._timeout, follow_redirects=False, trust_env=not self._loopback
            )
        except (ValueError, ImportError) as error:
            raise ServiceFailed(f"the environment's proxy cannot be used ({type(error).__name__})") from error
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self._client.close()

    def post(self, path: str, body: Any) -> Any:
        """The answer to a posted JSON body. Raises: ServiceFailed."""
        return self._asked("POST", path, msgspec.json.encode(body))

    def get(self, path: str) -> Any:
        """The answer. Raises: ServiceFailed."""
        return self._asked("GET", path, None)

    def _asked(self, method: str, path: str, content: bytes | None) -> Any:
        import httpx

        if time.monotonic() >= self._ends:
            raise ServiceFailed(f"the time for the service is spent before {method} {path}")
        headers = {"Content-Type": "application/json"} if content is not None else {}
        try:
            with self._client.stream(method, self._base + path, content=content, headers=headers) as response:
                return msgspec.json.decode(self._body(response, f"{method} {path}"))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceFailed(f"{method} {path}: {type(error).__name__}") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ServiceFailed(f"{method} {path}: the answer is no JSON") from error

    def _body(self, response: "httpx.Response", request: str) -> bytes:
        if response.status_code != 200:
            raise ServiceFailed(f"{request}: answered {response.status_code}")
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._largest:
                raise ServiceFailed(f"{request}: the answer has more than {self._largest} bytes")
            if time.monotonic() >= self._ends:
                raise ServiceFailed(f"{request}: the answer does not end in time")
        return b"".join(parts)


def _host(base: str) -> str:
    """The host of an http or https URL; empty for anything else."""
    try:
        parts = urlsplit(base)
        return (parts.hostname or "") if parts.scheme in ("http", "https") and parts.port != 0 else ""
    except ValueError:
        return ""
