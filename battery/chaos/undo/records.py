"""The journal's lines: who owns it, what was promised, what was kept."""

import msgspec

from battery.chaos.process.identity import ProcessIdentity
from battery.chaos.process.machine import Machine
from battery.chaos.undo.steps import UndoStep
from battery.model.frozen import Frozen


class Opened(Frozen, frozen=True, kw_only=True, tag_field="line", tag="opened"):
    """The battery that writes the journal, and on which running machine."""

    owner: ProcessIdentity
    machine: Machine = Machine()


class Promised(Frozen, frozen=True, kw_only=True, tag_field="line", tag="promised"):
    """What undoes a fault that is about to be injected; no steps where nothing can.

    `deadline` is when it must be undone at the latest, on the machine's monotonic clock; none for what ends with the run.
    """

    number: int
    name: str
    steps: tuple[UndoStep, ...] = ()
    deadline: float | None = None


class Kept(Frozen, frozen=True, kw_only=True, tag_field="line", tag="kept"):
    """A promise that was kept, by whom, and what was done."""

    number: int
    by: str = "the battery"
    words: tuple[str, ...] = ()


Line = Opened | Promised | Kept


class Reading(Frozen, frozen=True, kw_only=True):
    """What a journal says: promises outstanding, those kept after the battery's death, and lines that make no sense."""

    owner: ProcessIdentity | None
    machine: Machine
    promised: tuple[Promised, ...]
    kept: tuple[Kept, ...]
    unreadable: tuple[int, ...]
    whole: int

    @property
    def outstanding(self) -> tuple[Promised, ...]:
        """What is still to be undone, oldest first."""
        done = {kept.number for kept in self.kept}
        return tuple(promised for promised in self.promised if promised.number not in done)


def encode(line: Line) -> bytes:
    """One line with its end."""
    return msgspec.json.encode(line) + b"\n"


def read(data: bytes) -> Reading:
    """Read a journal. A last line without its end was never synced, so its fault never began: it is left out."""
    whole = data.rfind(b"\n") + 1
    opened: Opened | None = None
    promised: list[Promised] = []
    kept: list[Kept] = []
    unreadable: list[int] = []
    for number, text in enumerate(data[:whole].split(b"\n")[:-1], start=1):
        try:
            line = msgspec.json.decode(text, type=Line)
        except msgspec.DecodeError:
            unreadable.append(number)
            continue
        match line:
            case Opened():
                opened = line
            case Promised():
                promised.append(line)
            case Kept():
                kept.append(line)
    return Reading(
        owner=opened.owner if opened else None,
        machine=opened.machine if opened else Machine(),
        promised=tuple(promised),
        kept=tuple(kept),
        unreadable=tuple(unreadable),
        whole=whole,
    )
