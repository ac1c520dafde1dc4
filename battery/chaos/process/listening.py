"""Who listens at a door: how the process that serves is found, and how a wrong one is told from it."""

from pathlib import Path
from typing import NamedTuple

import msgspec
import psutil

from battery.ancestry import own_line
from battery.chaos.process.door import Door, knows_sockets, listening
from battery.chaos.process.family import descendants, family
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import ProcessIdentity, identify, name_of

_SAY_WHERE = 'behind a proxy or in a container, set [process] listens to its own "PORT" or "/PATH", or to "unseen" to vouch for it'


class Holders(NamedTuple):
    """Who of some processes holds one of the sockets, and whether one of them could not be looked into."""

    members: tuple[ProcessIdentity, ...]
    unread: bool


def serving(process: GivenProcess, door: Door, *, below: bool = False) -> GivenProcess:
    """The process itself where it serves at the door, else the one of its family that does; a doubt where none is known.

    `below` passes the process itself over: it is the supervisor of the one that is meant.
    """
    leader = process.one
    sockets = _sockets(leader, door)
    if sockets is None:
        return _doubted(process, f"this system does not tell who listens at {door}: {_SAY_WHERE}")
    own = holders(sockets, (leader,))
    if own.members and not below:
        return process
    relatives = descendants(leader) if below else family(leader)
    found = holders(sockets, relatives)
    if not found.members:
        return _doubted(process, _nobody(process, door, sockets, unread=own.unread or found.unread))
    first = _first(found.members)
    if first is None:
        return _doubted(process, _several(process, door, found.members))
    return msgspec.structs.replace(
        process,
        identity=first,
        given=f"it serves at {door}, as a child of {name_of(leader)}, {process.given}",
    )


def holders(sockets: frozenset[int], processes: tuple[ProcessIdentity, ...]) -> Holders:
    """Who of them holds one of the sockets."""
    held = [(each, _held(each.pid)) for each in processes]
    return Holders(
        tuple(each for each, own in held if own is not None and own & sockets),
        any(own is None for _, own in held),
    )


def _sockets(leader: ProcessIdentity, door: Door) -> frozenset[int] | None:
    network = Path(f"/proc/{leader.pid}") if door.behind else Path("/proc/self")
    return listening(door, network) if knows_sockets(network) else None


def _first(members: tuple[ProcessIdentity, ...]) -> ProcessIdentity | None:
    """The one that all others descend from; none when there is no such one: nobody can tell which of them is meant."""
    for each in members:
        below = descendants(each)
        if all(other == each or other in below for other in members):
            return each
    return None


def _nobody(process: GivenProcess, door: Door, sockets: frozenset[int], *, unread: bool) -> str:
    """Why nobody of the family is known to serve."""
    if unread:
        return f"whether {process} listens at {door} cannot be seen by this user: run the battery as root; {_SAY_WHERE}"
    begun = f"{process} ({process.given}) does not listen at {door}"
    if not sockets:
        return f"{begun}, and nobody else is seen there: start the target first; {_SAY_WHERE}"
    spared = own_line()
    everyone = (identify(pid) for pid in psutil.pids() if pid not in spared)
    others = holders(sockets, tuple(each for each in everyone if each)).members
    who = ", ".join(map(name_of, others)) or "somebody whom this user cannot see"
    return f"{begun}, {who} does: name that one in battery.toml; {_SAY_WHERE}"


def _several(process: GivenProcess, door: Door, members: tuple[ProcessIdentity, ...]) -> str:
    names = ", ".join(map(name_of, members))
    return (
        f"{names} all listen at {door} below {process}: which of them is meant, nobody can tell; name one with [process] "
        "pid_file, or leave [process] supervised away, and the battery ends and starts the whole"
    )


def _doubted(process: GivenProcess, doubt: str) -> GivenProcess:
    return msgspec.structs.replace(process, doubt=doubt)


def _held(pid: int) -> frozenset[int] | None:
    """The kernel's numbers of the sockets that a process has open; none when this user may not look."""
    try:
        links = [_link(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    except PermissionError:
        return None
    except OSError:
        return frozenset()  # it has ended
    return frozenset(int(link[8:-1]) for link in links if link.startswith("socket:["))


def _link(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except FileNotFoundError:
        return ""  # closed since
