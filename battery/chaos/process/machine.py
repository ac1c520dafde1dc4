"""Which running machine this is, and which of its process tables: a process id means nothing on another one."""

import functools
from pathlib import Path

from battery.model.frozen import Frozen

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")


class Machine(Frozen, frozen=True, kw_only=True):
    """One boot of a kernel and one table of process ids; empty where the system does not tell."""

    boot: str = ""
    pid_namespace: str = ""

    def why_not(self, other: "Machine") -> str:
        """Why the process ids of another machine mean nothing here; empty when they may mean something."""
        if other.boot and self.boot and other.boot != self.boot:
            return "the machine has started again since, and no process of then is left"
        if other.pid_namespace and self.pid_namespace and other.pid_namespace != self.pid_namespace:
            return (
                f"it was promised in another container ({other.pid_namespace}, here {self.pid_namespace}): "
                "no process id of there is touched from here"
            )
        return ""


@functools.cache
def this_machine() -> Machine:
    """The one that this process runs on."""
    return Machine(boot=_boot_id(), pid_namespace=_namespace())


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text("utf-8").strip()
    except OSError:
        return ""  # only Linux has one


def _namespace() -> str:
    try:
        return str(_NAMESPACE.readlink())
    except OSError:
        return ""  # only Linux has them
