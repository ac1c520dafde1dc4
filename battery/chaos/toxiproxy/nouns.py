"""Proxies and toxics as a server tells of them."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from battery.model.frozen import Frozen

Stream: TypeAlias = Literal["upstream", "downstream"]


class Toxic(Frozen, frozen=True, kw_only=True):
    """What is done to one direction of a proxy."""

    name: str
    type: str
    stream: str
    toxicity: float
    attributes: dict[str, int]


class Proxy(Frozen, frozen=True, kw_only=True):
    """A proxy with its toxics; `listen` is the address that it really has."""

    name: str
    listen: str
    upstream: str
    enabled: bool
    toxics: tuple[Toxic, ...] = ()


def toxic_of(told: Mapping[str, Any]) -> Toxic:
    """A toxic from a server's JSON; what else the server tells is left out."""
    return Toxic(
        name=told["name"],
        type=told["type"],
        stream=told["stream"].lower(),
        toxicity=told["toxicity"],
        attributes=dict(told["attributes"]),
    )


def proxy_of(told: Mapping[str, Any]) -> Proxy:
    """A proxy from a server's JSON; the original tells of its logger too, which nobody needs."""
    return Proxy(
        name=told["name"],
        listen=told["listen"],
        upstream=told["upstream"],
        enabled=told["enabled"],
        toxics=tuple(toxic_of(toxic) for toxic in told.get("toxics", ())),
    )
