"""Addresses as the original reads them, with its words for what is wrong; and listening at them."""

import asyncio
import ipaddress
import os
import re
import socket

_BACKLOG = 4096
LARGEST_PORT = 65535


class AddressProblem(Exception):
    """An address cannot be used; carries the original's words."""


def split(address: str) -> tuple[str, int]:
    """Host and port; an empty host means every one of this machine.

    Raises: AddressProblem.
    """
    if not address:
        return "", 0
    return _host(address), _port(address.rpartition(":")[2])


def _host(address: str) -> str:
    host, colon, _ = address.rpartition(":")
    if address.startswith("["):
        host, bracket, rest = address[1:].partition("]")
        if not bracket:
            raise AddressProblem(f"address {address}: missing ']' in address")
        if not rest.startswith(":"):
            problem = "too many colons" if ":" in rest else "missing port"
            raise AddressProblem(f"address {address}: {problem} in address")
        if ":" in rest[1:]:
            raise AddressProblem(f"address {address}: too many colons in address")
        return host
    if not colon:
        raise AddressProblem(f"address {address}: missing port in address")
    if ":" in host:
        raise AddressProblem(f"address {address}: too many colons in address")
    for bracket in "[]":
        if bracket in address:
            raise AddressProblem(f"address {address}: unexpected '{bracket}' in address")
    return host


def _port(text: str) -> int:
    if re.fullmatch(r"[+-]?[0-9]*", text):
        digits = text.lstrip("+-").lstrip("0")
        number = int(digits[:6] or "0")
        if number > LARGEST_PORT or (number and text.startswith("-")):
            raise AddressProblem(f"address {text}: invalid port")
        return number
    try:
        return socket.getservbyname(text, "tcp")
    except (OSError, ValueError):  # the latter for what cannot be a name at all
        raise AddressProblem(f"lookup tcp/{text}: unknown port") from None


async def resolve(address: str) -> tuple[str, int]:
    """The address in numbers; an empty host stays empty.

    Raises: AddressProblem.
    """
    host, port = split(address)
    if not host or _is_numeric(host):
        return host and ipaddress.ip_address(host).compressed, port
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # the latter for what cannot be a name at all
        raise AddressProblem(f"lookup {host}: no such host") from None
    # As the original: IPv4 first.
    found.sort(key=lambda each: each[0] != socket.AF_INET)
    return str(found[0][4][0]), port


def shown(host: str, port: int) -> str:
    """An address as text, IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def listen(address: str) -> socket.socket:
    """A listening socket.

    Raises: AddressProblem.
    """
    try:
        host, port = await resolve(address)
    except AddressProblem as problem:
        raise AddressProblem(f"listen tcp: {problem}") from None
    try:
        return _bound(host, port)
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise AddressProblem(f"listen tcp {shown(host, port)}: bind: {reason}") from None


def _bound(host: str, port: int) -> socket.socket:
    everywhere = not host or ipaddress.ip_address(host).is_unspecified
    if everywhere and socket.has_dualstack_ipv6():
        return socket.create_server(
            ("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=_BACKLOG
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
