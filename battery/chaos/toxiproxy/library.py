"""toxiproxy-python, a copy of its own for each server.

The library keeps host and port in a class that all of a process shares, asks without a time limit, and takes an answer of
500 for a good one. Loading it once more under another name gives this server's client a class of its own, and its module
`api` a way to ask that has limits and raises the battery's errors. Nothing of the library that others import is touched.
"""

import importlib.util
import itertools
import sys
import threading
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from battery.chaos.toxiproxy.failure import ToxiproxyRefused, ToxiproxyUnreachable

_NUMBERS = itertools.count(1)
_LOADING = threading.Lock()


class Library:
    """The library, bound to one server: `consumer` asks, `server` and `proxy` are its own objects over that."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self.asker = Asker(f"http://{host}:{port}", timeout)
        with _LOADING:
            package, api = _copy()
        api.__dict__["requests"] = self.asker  # in this copy only
        self.consumer: Any = api.APIConsumer
        self.consumer.host, self.consumer.port = host, port
        self.server: Any = package.Toxiproxy()
        self.proxy: Any = package.Proxy

    def close(self) -> None:
        """Close the connections to the server."""
        self.asker.close()


class Asker:
    """Stands where the library looks for `requests`: the same calls, with a time limit, no proxy, and honest errors."""

    def __init__(self, url: str, timeout: float) -> None:
        import requests

        self._url, self._timeout = url, timeout
        self._session = requests.Session()
        # HTTP_PROXY and .netrc are meant for the world outside, not for a server on this machine.
        self._session.trust_env = False
        self._one = threading.Lock()
        self._failed = requests.RequestException

    def get(self, url: str, params: object = None, **options: Any) -> Any:
        """Ask."""
        return self._ask("GET", url, params=params, **options)

    def post(self, url: str, data: object = None, json: object = None, **options: Any) -> Any:
        """Tell."""
        return self._ask("POST", url, data=data, json=json, **options)

    def delete(self, url: str, **options: Any) -> Any:
        """Remove."""
        return self._ask("DELETE", url, **options)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _ask(self, method: str, url: str, **options: Any) -> Any:
        try:
            with self._one:
                answer = self._session.request(
                    method, url, timeout=self._timeout, allow_redirects=False, **options
                )
        except self._failed as error:
            raise ToxiproxyUnreachable(
                f"Toxiproxy at {self._url} does not answer within {self._timeout:g} s ({_reason(error)}); "
                "is it running, and is this its API's address?"
            ) from None
        if not answer.ok or answer.is_redirect:
            asked = f"{method} {url.removeprefix(self._url)}"
            raise ToxiproxyRefused(asked, answer.status_code, _words(answer))
        return answer


def _reason(error: Exception) -> str:
    """The innermost cause, without the object addresses that the library wraps it in."""
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    return str(inner) or type(inner).__name__


def _words(answer: Any) -> str:
    try:
        document = answer.json()
    except ValueError:
        return str(answer.text).strip() or "no reason given"
    words = document.get("error") if isinstance(document, Mapping) else None
    return str(words or "no reason given")


def _copy() -> tuple[ModuleType, ModuleType]:
    """The package and its module `api`, loaded anew."""
    found = importlib.util.find_spec("toxiproxy")
    if found is None or found.origin is None or found.loader is None:
        raise ToxiproxyUnreachable("toxiproxy-python is not installed; install the battery anew")
    name = f"_battery_toxiproxy_{next(_NUMBERS)}"
    spec = importlib.util.spec_from_file_location(
        name, found.origin, submodule_search_locations=list(found.submodule_search_locations or ())
    )
    assert spec is not None, "a file has a spec"  # noqa: S101 -- states an invariant
    assert spec.loader is not None, "a file has a loader"  # noqa: S101 -- states an invariant
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    try:
        spec.loader.exec_module(package)
        return package, sys.modules[f"{name}.api"]
    finally:
        for loaded in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
            del sys.modules[loaded]  # its functions keep what they need
