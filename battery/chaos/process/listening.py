"""Who listens on a port: how a target's process is found, and how the wrong one is told from the right one."""

import psutil

from battery.chaos.process.family import family
from battery.chaos.process.identity import ProcessIdentity, identify, name_of


def listeners(port: int) -> tuple[ProcessIdentity, ...] | None:
    """The processes that listen on a TCP port of this machine; none known when the system does not tell."""
    found = (identify(pid) for pid in psutil.pids() if _listens(pid, port))
    return tuple(one for one in found if one) or None


def wrong_process(process: ProcessIdentity, port: int) -> str:
    """Why this process is not the one behind a port; empty when it or its family is, or when that cannot be told."""
    # The family first: asking every process of the machine takes a second.
    serving = None if any(_listens(one.pid, port) for one in family(process)) else listeners(port)
    if serving is None:
        return ""
    others = ", ".join(name_of(one) for one in serving)
    return f"{name_of(process)} does not listen on port {port}, {others} does: name that one in battery.toml"


def _listens(pid: int, port: int) -> bool:
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp")
    except psutil.Error:
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)
