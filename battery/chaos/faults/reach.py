"""The blast radius: loopback, and the addresses that battery.toml names. Nothing else is ever connected to."""

import ipaddress
from collections.abc import Collection


def outside(host: str, port: int, named: Collection[str]) -> str:
    """Why an address must not be attacked; empty when it may be. `named` holds HOST:PORT texts."""
    if f"{host}:{port}" in named or f"[{host}]:{port}" in named or _is_loopback(host):
        return ""
    return (
        f"{host}:{port} is neither on this machine's loopback nor named in battery.toml: "
        "name it as a [[dependency]] or as the target, if it is yours to attack"
    )


def _is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
