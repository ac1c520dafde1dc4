"""The HTTP client that reaches the target and nothing else."""

from collections.abc import Mapping

import httpx

from battery.errors import UsageError
from battery.model.target import Target
from battery.redaction import resolve

_TIMEOUT = 10.0
_DEFAULT_PORTS = {"http": 80, "https": 443}


def target_client(target: Target, environ: Mapping[str, str]) -> httpx.Client:
    """A client with the target's base URL and headers. It follows no redirect and ignores proxies of the
    environment: nothing is sent to an address that the user did not name.

    Raises: UsageError when a header refers to a variable that is not set.
    """
    headers = {name: resolve(value, environ) for name, value in target.headers.items()}
    wanted = _origin(httpx.URL(target.url))

    def stay_in_scope(request: httpx.Request) -> None:
        if _origin(request.url) != wanted:
            raise UsageError(f"{request.url.host} is not the target; checks may reach the target only")

    return httpx.Client(
        base_url=target.url,
        headers={"User-Agent": "hardening-battery", **headers},
        timeout=_TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [stay_in_scope]},
    )


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or _DEFAULT_PORTS.get(url.scheme)
