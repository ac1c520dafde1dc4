"""The source of a request: the address that the connection comes from, never what a header claims."""

import ipaddress
from functools import lru_cache

from starlette.types import Scope

UNKNOWN = "unknown"
# One subscriber holds a whole /64: to count single addresses in it would count nothing.
_NETWORK_BITS = 64


def source_of(scope: Scope) -> str:
    """The IPv4 address, or the IPv6 network of 64 bits."""
    client = scope.get("client")
    if not client:
        return UNKNOWN
    host: str = client[0]
    return _network(host) if ":" in host else host


def checked_source(text: str) -> str:
    """A source as a person names it, in the form in which requests are counted.

    Raises: ValueError when it is no address.
    """
    address = ipaddress.ip_address(text.partition("/")[0])
    return _network(str(address)) if address.version == 6 else str(address)


@lru_cache(maxsize=4096)
def _network(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, _NETWORK_BITS), strict=False))
