"""The client of one Toxiproxy server, over toxiproxy-python."""

import urllib.parse
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import msgspec

from battery.chaos.toxiproxy.failure import ToxiproxyFailed, ToxiproxyUnsuitable
from battery.chaos.toxiproxy.library import Library
from battery.chaos.toxiproxy.nouns import Proxy, Stream, Toxic, proxy_of, toxic_of

TIMEOUT_SECONDS = 5.0


class Client:
    """Asks one server; every method raises ToxiproxyUnreachable or ToxiproxyRefused where it cannot keep its word."""

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """Raises: ToxiproxyUnsuitable when the URL is none of a server."""
        self.url = url.rstrip("/")
        self._library = Library(*_address(url), timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the server; it can be asked again all the same."""
        self._library.close()

    def version(self) -> str:
        """What the server says its version is: `2.12.0`, or `git` where it was built from source."""
        told = self._library.consumer.get("/version").content
        try:
            return str(msgspec.json.decode(told)["version"])
        except (msgspec.DecodeError, KeyError, TypeError):
            return str(told.decode("utf-8", "replace")).strip()  # before 2.2 it was text

    def proxies(self) -> dict[str, Proxy]:
        """Every proxy by its name."""
        told = self._read(self._library.consumer.get("/proxies"))
        return {name: proxy_of(proxy) for name, proxy in told.items()}

    def proxy(self, name: str) -> Proxy:
        """One proxy."""
        return proxy_of(self._read(self._library.consumer.get(_path(name))))

    def create(self, name: str, upstream: str, listen: str = "127.0.0.1:0", *, enabled: bool = True) -> Proxy:
        """A new proxy; without an address to listen at it takes a free port of loopback."""
        _path(name)
        wish = {"name": name, "upstream": upstream, "listen": listen, "enabled": enabled}
        return proxy_of(self._read(self._library.consumer.post("/proxies", json=wish)))

    def populate(self, wishes: Iterable[Mapping[str, Any]]) -> tuple[Proxy, ...]:
        """Many proxies at once: one that is there already, with these addresses, keeps its toxics and connections."""
        told = self._read(self._library.consumer.post("/populate", json=list(wishes)))
        return tuple(proxy_of(proxy) for proxy in told["proxies"] or ())

    def change(
        self,
        name: str,
        *,
        upstream: str | None = None,
        listen: str | None = None,
        enabled: bool | None = None,
    ) -> Proxy:
        """Other addresses, or being enabled or not; what is None stays."""
        wish = {"upstream": upstream, "listen": listen, "enabled": enabled}
        said = {key: value for key, value in wish.items() if value is not None}
        return proxy_of(self._read(self._library.consumer.post(_path(name), json=said)))

    def disable(self, name: str) -> None:
        """Down: its connections are closed, new ones refused."""
        self._library_proxy(name).disable()

    def enable(self, name: str) -> None:
        """Up again, with the toxics that it had."""
        self._library_proxy(name).enable()

    def destroy(self, name: str) -> None:
        """One proxy less."""
        self._library_proxy(name).destroy()

    def toxics(self, name: str) -> tuple[Toxic, ...]:
        """A proxy's toxics, upstream first."""
        told = self._read(self._library.consumer.get(_path(name, "toxics")))
        return tuple(toxic_of(toxic) for toxic in told)

    def add_toxic(
        self,
        proxy: str,
        type_: str,
        attributes: Mapping[str, int] | None = None,
        *,
        name: str = "",
        stream: Stream = "downstream",
        toxicity: float = 1.0,
    ) -> Toxic:
        """A new toxic; without a name it is called `<type>_<stream>`."""
        name = name or f"{type_}_{stream}"
        self._library_proxy(proxy).add_toxic(
            name=_addressable(name),
            type=type_,
            stream=stream,
            toxicity=toxicity,
            attributes=dict(attributes or {}),
        )
        # The library drops the answer; this one also proves that the toxic is there.
        return self.toxic(proxy, name)

    def toxic(self, proxy: str, name: str) -> Toxic:
        """One toxic."""
        return toxic_of(self._read(self._library.consumer.get(_path(proxy, "toxics", name))))

    def change_toxic(
        self,
        proxy: str,
        name: str,
        attributes: Mapping[str, int] | None = None,
        *,
        toxicity: float | None = None,
    ) -> Toxic:
        """Merge attributes, or set another toxicity: the library has no call for it. POST, as servers before 2.6 know no PATCH."""
        wish: dict[str, object] = {"attributes": dict(attributes or {})}
        if toxicity is not None:
            wish["toxicity"] = toxicity
        return toxic_of(self._read(self._library.consumer.post(_path(proxy, "toxics", name), json=wish)))

    def remove_toxic(self, proxy: str, name: str) -> None:
        """One toxic less."""
        self._library_proxy(proxy).destroy_toxic(urllib.parse.quote(_addressable(name), safe=""))

    def reset(self) -> None:
        """Every proxy of the server enabled, no toxic left: also those of others, so not on a server that is shared."""
        self._library.server.reset()

    def connections(self, name: str) -> tuple[dict[str, Any], ...]:
        """The journal of a proxy: the embedded server keeps one, the original refuses with 404."""
        told = self._read(self._library.consumer.get(_path(name, "connections")))
        return tuple(told["connections"])

    def counts(self, name: str) -> dict[str, int]:
        """What ever came through a proxy: connections, bytes received, toxics met; the original refuses with 404."""
        return dict(self._read(self._library.consumer.get(_path(name, "counts"))))

    def _library_proxy(self, name: str) -> Any:
        # Only the name is used, for paths that the library does not escape.
        quoted = urllib.parse.quote(_addressable(name), safe="")
        return self._library.proxy(name=quoted, upstream="", listen="", enabled=True)

    def _read(self, answer: Any) -> Any:
        try:
            return msgspec.json.decode(answer.content)
        except msgspec.DecodeError as error:
            raise ToxiproxyFailed(
                f"{self.url} answers what is no JSON ({error}); is it a Toxiproxy?"
            ) from None


def _path(proxy: str, *parts: str) -> str:
    names = [urllib.parse.quote(_addressable(part), safe="") for part in (proxy, *parts)]
    return "/".join(("/proxies", *names))


def _addressable(name: str) -> str:
    """The name, if the original can find it again: it reads a slash, however escaped, as the end of a name."""
    if name in ("", ".", "..") or "/" in name:
        raise ToxiproxyUnsuitable(
            f"{name!r} cannot be the name of a proxy or toxic: one character at least, no slash, not . or .."
        )
    return name


def _address(url: str) -> tuple[str, int]:
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ToxiproxyUnsuitable(f"{url!r} is no URL of a Toxiproxy server: {error}") from None
    if parts.scheme != "http" or not host or parts.path.strip("/") or parts.query or parts.username:
        raise ToxiproxyUnsuitable(f"{url!r} is no URL of a Toxiproxy server; expected http://HOST:PORT")
    return (f"[{host}]" if ":" in host else host), port or 8474
