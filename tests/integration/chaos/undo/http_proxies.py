"""The port `Proxies` over the HTTP API of a Toxiproxy server, as far as these tests need it."""

import json
import urllib.error
import urllib.request
from typing import Any

from battery.chaos.faults.proxies import Counters, ProxyState, Toxic


class HttpProxies:
    """Counts nothing, as a server without its metrics flag."""

    def __init__(self, url: str) -> None:
        self.url = url

    def state(self, proxy: str) -> ProxyState | None:
        try:
            said = self._ask("GET", f"/proxies/{proxy}")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise
        toxics = tuple(Toxic(**toxic) for toxic in said.pop("toxics"))
        return ProxyState(
            name=proxy,
            listen=said["listen"],
            upstream=said["upstream"],
            enabled=said["enabled"],
            toxics=toxics,
        )

    def add_toxic(self, proxy: str, toxic: Toxic) -> None:
        self._ask("POST", f"/proxies/{proxy}/toxics", _plain(toxic))

    def update_toxic(self, proxy: str, toxic: Toxic) -> None:
        self._ask("POST", f"/proxies/{proxy}/toxics/{toxic.name}", _plain(toxic))

    def remove_toxic(self, proxy: str, name: str) -> None:
        self._ask("DELETE", f"/proxies/{proxy}/toxics/{name}")

    def enable(self, proxy: str) -> None:
        self._ask("POST", f"/proxies/{proxy}", {"enabled": True})

    def disable(self, proxy: str) -> None:
        self._ask("POST", f"/proxies/{proxy}", {"enabled": False})

    def counters(self, proxy: str) -> Counters | None:
        return None

    def create(self, name: str) -> None:
        body = {"name": name, "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}
        self._ask("POST", "/proxies", body)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def _plain(toxic: Toxic) -> dict[str, Any]:
    return {
        "name": toxic.name,
        "type": toxic.type,
        "stream": toxic.stream,
        "toxicity": toxic.toxicity,
        "attributes": toxic.attributes,
    }
