"""Proxies and toxics as the API shows them."""

from typing import Any

from battery.chaos.toxiproxy.server.plane.proxy import Proxy
from battery.chaos.toxiproxy.server.plane.toxic import Toxic


def shown_proxy(proxy: Proxy) -> dict[str, Any]:
    """A proxy with its toxics."""
    return {
        "name": proxy.name,
        "listen": proxy.listen,
        "upstream": proxy.upstream,
        "enabled": proxy.enabled,
        "toxics": shown_toxics(proxy),
    }


def shown_toxics(proxy: Proxy) -> list[dict[str, Any]]:
    """A proxy's toxics, upstream first."""
    return [shown_toxic(toxic) for toxic in proxy.toxics]


def shown_toxic(toxic: Toxic) -> dict[str, Any]:
    """One toxic; a whole toxicity without a point, as the original writes it."""
    toxicity = toxic.toxicity
    return {
        "attributes": toxic.attributes,
        "name": toxic.name,
        "type": toxic.kind.type,
        "stream": toxic.stream,
        "toxicity": int(toxicity) if toxicity.is_integer() and abs(toxicity) < 1e21 else toxicity,
    }
