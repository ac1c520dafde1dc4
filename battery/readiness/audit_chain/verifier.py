"""Who says whether a chain holds: the battery's own file check, a command of the target, or a call to it."""

from pathlib import Path
from typing import Protocol

from battery.model.frozen import Frozen


class Opinion(Frozen, frozen=True, kw_only=True):
    """Whether the chain is intact, or none where that could not be told, and what was said."""

    intact: bool | None
    said: str


class Verifier(Protocol):
    """Judges one file."""

    name: str

    def judge(self, file: Path) -> Opinion:
        """The opinion on the log in a file. Raises nothing: who cannot tell has no opinion."""
        ...
