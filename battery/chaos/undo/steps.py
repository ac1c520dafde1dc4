"""What undoes a fault, as data: written to the journal before the fault, understood by whoever reads it later."""

from battery.chaos.process.identity import ProcessIdentity
from battery.model.frozen import Frozen


class ContinueProcess(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="continue process"):
    """Continue a stopped process."""

    process: ProcessIdentity


class RestoreLimit(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="restore limit"):
    """Give a process its descriptor limit back, and its descendants that inherited the lowered one."""

    process: ProcessIdentity
    soft: int
    hard: int
    lowered: int


class EndMarked(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="end marked"):
    """End whoever carries a mark of ours: known before the process is."""

    mark: str
    what: str


class EndSession(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="end session"):
    """End a session that the battery started: also who overwrote the mark, as long as its leader keeps the number."""

    leader: ProcessIdentity
    what: str
    mark: str = ""


class DeleteFile(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="delete file"):
    """Delete a file that the battery made; its name starts with `OWN_FILE`."""

    path: str


class RemoveToxic(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="remove toxic"):
    """Remove one toxic by its name."""

    url: str
    proxy: str
    toxic: str


class EnableProxy(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="enable proxy"):
    """Enable a proxy again."""

    url: str
    proxy: str


class DeleteProxy(Frozen, frozen=True, kw_only=True, tag_field="undo", tag="delete proxy"):
    """Delete a proxy that the battery made on a server that others use too."""

    url: str
    proxy: str


OnProcess = ContinueProcess | RestoreLimit | EndMarked | EndSession
Remote = RemoveToxic | EnableProxy | DeleteProxy
UndoStep = OnProcess | DeleteFile | Remote

OWN_FILE = ".hardening-battery-"
