"""The journal: what systemd keeps of a unit's output, read through journalctl as if it were a log file."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from battery.model.frozen import Frozen
from battery.model.security import JOURNAL

_SINCE = "-24h"
_COMPLAINT = 500


class Journal(Frozen, frozen=True, kw_only=True):
    """The last day of one unit."""

    unit: str

    @property
    def name(self) -> str:
        """As battery.toml names it."""
        return f"{JOURNAL}{self.unit}"

    def size(self) -> int:
        """Unknown before it is read."""
        return 0

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The lines, as journalctl writes them; an end before the end is told when the block ends.

        Raises: OSError when journalctl is absent or fails.
        """
        command = ["journalctl", f"--unit={self.unit}", f"--since={_SINCE}"]
        command += ["--output=short-iso", "--quiet", "--no-pager"]
        with tempfile.TemporaryFile() as complaints, _started(command, complaints) as process:
            assert process.stdout is not None, "opened as a pipe"  # noqa: S101 -- states an invariant
            try:
                yield process.stdout
            except BaseException:
                process.kill()  # nobody reads on
                raise
            if code := process.wait():
                complaints.seek(0)
                said = complaints.read(_COMPLAINT).decode("utf-8", "replace").split("\n")[0]
                raise OSError(code, f"journalctl ended with {code}{': ' if said else ''}{said}")


def _started(command: list[str], complaints: IO[bytes]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
    except FileNotFoundError as error:
        raise OSError(error.errno, "journalctl is not installed here; name a log file instead") from error
