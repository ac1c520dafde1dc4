"""How a process ended."""

import signal

from battery.model.frozen import Frozen


class Exit(Frozen, frozen=True, kw_only=True):
    """One end of the target's process; `code` is negative for a signal, as subprocess tells it."""

    pid: int
    code: int
    after: float

    def __str__(self) -> str:
        """The end as a sentence part."""
        return f"process {self.pid} {exit_words(self.code)} after {self.after:.1f} s"


def exit_words(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
