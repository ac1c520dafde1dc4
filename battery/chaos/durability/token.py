"""The token: a record's id as it stands in what is written, and is found again in whatever the target answers. Pure."""

import re

from battery.errors import UsageError

_RUN = re.compile(r"[a-z0-9]{4,32}")
_DIGITS = 6


class Token:
    """Ids of one run: letters and digits only, so that no encoding of the target's changes them."""

    def __init__(self, run: str) -> None:
        """`run` is unlike that of any other run. Raises: UsageError when it is not 4 to 32 lower-case letters and digits."""
        if not _RUN.fullmatch(run):
            raise UsageError(f"run id {run!r}: expected 4 to 32 lower-case letters and digits")
        self.run = run
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])hb{run}x([0-9]{{{_DIGITS},12}})(?![A-Za-z0-9])")

    def spelled(self, number: int) -> str:
        """The id of a record."""
        return f"hb{self.run}x{number:0{_DIGITS}d}"

    def found(self, text: str) -> tuple[int, ...]:
        """The numbers of the run's records in the text, each once, in the order of their first appearance."""
        return tuple(dict.fromkeys(int(match[1]) for match in self._pattern.finditer(text)))
