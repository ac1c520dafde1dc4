"""How many generators: one a core, and at most half the cores where the target shares the machine."""

import ipaddress
import socket


def worker_count(cores: int, host: str) -> int:
    """The default number of local generators for a target on this host."""
    return max(1, cores // 2 if is_local(host) else cores)


def is_local(host: str) -> bool:
    """Whether the host is this machine, by its loopback address or its name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", socket.gethostname())
