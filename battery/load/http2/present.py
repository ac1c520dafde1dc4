"""Whether HTTP/2 can be spoken here: h2 comes with the extra `http2`."""

import importlib.util

from battery.errors import UsageError


class Http2Missing(UsageError):
    """The extra `http2` is not installed."""


def require_http2() -> None:
    """Say what to install where h2 is absent.

    Raises: Http2Missing.
    """
    if importlib.util.find_spec("h2") is None:
        raise Http2Missing("engine = \"httpx\" needs h2: pip install 'hardening-battery[http2]'")
