"""One health answer: what was asked, and what came."""

import time

import httpx

from battery.model.frozen import Frozen

_MOST_BYTES = 64 * 1024


class HealthAnswer(Frozen, frozen=True, kw_only=True):
    """The status is 0 where no answer came; `trouble` says why."""

    path: str
    method: str = "GET"
    status: int = 0
    kind: str = ""
    """Its media type, without parameters."""
    body: bytes = b""
    milliseconds: float = 0.0
    trouble: str = ""

    @property
    def says_yes(self) -> bool:
        """Whether an orchestrator would take it for a yes."""
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """What came, in a few words."""
        return f"HTTP {self.status}" if self.status else f"no answer ({self.trouble})"


def ask(http: httpx.Client, path: str, method: str = "GET", *, timeout: float = 10.0) -> HealthAnswer:
    """Ask once; of a long body only the beginning is read."""
    began = time.monotonic()
    try:
        with http.stream(method, path, timeout=timeout) as answer:
            body = b""
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) >= _MOST_BYTES or time.monotonic() - began > timeout:
                    break
    except httpx.RequestError as error:
        return HealthAnswer(
            path=path,
            method=method,
            milliseconds=1000 * (time.monotonic() - began),
            trouble=type(error).__name__,
        )
    return HealthAnswer(
        path=path,
        method=method,
        status=answer.status_code,
        kind=answer.headers.get("content-type", "").partition(";")[0].strip().lower(),
        body=body[:_MOST_BYTES],
        milliseconds=1000 * (time.monotonic() - began),
    )
