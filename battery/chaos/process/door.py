"""The door: the address at which the target itself is reached, on this machine, and which sockets listen there."""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

from battery.model.frozen import Frozen

_LISTEN = "0A"  # https://docs.kernel.org/networking/proc_net_tcp.html
_ACCEPTS = 0x10000  # __SO_ACCEPTCON in the flags of /proc/net/unix
_SELF = Path("/proc/self")


class Door(Frozen, frozen=True, kw_only=True):
    """A TCP port, of these addresses only where some are told, or the path of a socket.

    `behind` says that battery.toml names it, for a process behind a reverse proxy or in a container: it is looked for
    in the process's own network. The target's own address is looked for in the battery's.
    """

    port: int = 0
    addresses: tuple[str, ...] = ()
    path: str = ""
    behind: bool = False

    def __str__(self) -> str:
        """How people call it."""
        return self.path or f"port {self.port}"


def addresses_here(host: str) -> tuple[str, ...]:
    """The addresses of a host name, when all of them are this machine's; none when one is not, or it has none."""
    try:
        told = {str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return ()
    ours = {each.address.partition("%")[0] for several in psutil.net_if_addrs().values() for each in several}
    for one in map(ipaddress.ip_address, told):
        if not (one.is_loopback or one.is_unspecified or str(one) in ours):
            return ()
    return tuple(sorted(told))


def listening(door: Door, network: Path = _SELF) -> frozenset[int] | None:
    """The kernel's numbers of the sockets that listen at a door, in the network of a process; none when it does not tell."""
    try:
        if door.path:
            return frozenset(_paths(door, network / "net" / "unix"))
        tables = [network / "net" / name for name in ("tcp", "tcp6")]
        return frozenset(inode for table in tables if table.exists() for inode in _ports(door, table))
    except (OSError, ValueError, IndexError):
        return None


def knows_sockets(network: Path = _SELF) -> bool:
    """Whether this system tells who listens where."""
    return (network / "net" / "tcp").exists()


def _ports(door: Door, table: Path) -> Iterator[int]:
    with table.open(encoding="utf-8") as lines:
        next(lines, "")
        for line in lines:
            words = line.split()
            if words[3] != _LISTEN:
                return  # the kernel tells listening sockets first; after a load the others are ten thousands
            address, _, port = words[1].rpartition(":")
            if int(port, 16) == door.port and _is_meant(_address(address), door.addresses):
                yield int(words[9])


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Words of four bytes, each in the order of the machine."""
    raw = b"".join(int(text[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(text), 8))
    found = ipaddress.ip_address(raw)
    return getattr(found, "ipv4_mapped", None) or found


def _is_meant(bound: ipaddress.IPv4Address | ipaddress.IPv6Address, addresses: tuple[str, ...]) -> bool:
    """Whether who binds this address is reached at one of those; any is reached where none is told."""
    meant = [ipaddress.ip_address(each) for each in addresses]
    return not meant or bound.is_unspecified or any(each.is_unspecified or each == bound for each in meant)


def _paths(door: Door, table: Path) -> Iterator[int]:
    with table.open(encoding="utf-8", errors="replace") as lines:
        next(lines, "")
        for line in lines:
            words = line.rstrip("\n").split(maxsplit=7)
            if len(words) == 8 and words[7] == door.path and int(words[3], 16) & _ACCEPTS:
                yield int(words[6])
