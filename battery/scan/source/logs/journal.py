"""The journal: what systemd keeps of a unit's output, read through journalctl as if it were a log file."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO

import msgspec

from battery.model.frozen import Frozen
from battery.model.security import JOURNAL
from battery.scan.source.logs.failure import tells_of_failure

_SINCE = "-24h"
_COMPLAINT = 500
_MANY_UNITS = frozenset("*?[")


class _Entry(msgspec.Struct):
    """As much of a journal's entry as is scanned; a message that is no UTF-8 stands as its bytes."""

    message: str | list[int] | None = msgspec.field(name="MESSAGE", default=None)
    micros: str = msgspec.field(name="__REALTIME_TIMESTAMP", default="0")

    @property
    def lines(self) -> bytes:
        """The message alone, as the unit wrote it: traces are known by how their lines begin.

        The journal's clock stands behind what tells of a failed login, for the bursts of those.
        """
        if self.message is None:
            return b""
        message = (
            self.message if isinstance(self.message, str) else bytes(self.message).decode("utf-8", "replace")
        )
        clock = datetime.fromtimestamp(int(self.micros) / 1e6, UTC).isoformat(timespec="seconds")
        return (f"{message} [{clock}]" if tells_of_failure(message) else message).encode("utf-8", "replace")


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
        """Its messages, each on lines of its own, once journalctl has told them all.

        Raises: OSError when journalctl is absent, fails or complains: of a damaged journal it tells the rest and no more.
        """
        if _MANY_UNITS & set(self.unit):
            raise OSError(0, "names many units at once; name each of them")
        with tempfile.TemporaryFile() as messages, tempfile.TemporaryFile() as complaints:
            with _started(self.unit, complaints) as process:
                assert process.stdout is not None, "opened as a pipe"  # noqa: S101 -- states an invariant
                for line in process.stdout:
                    messages.write(_text_of(line) + b"\n")
            complaints.seek(0)
            said = complaints.read(_COMPLAINT).decode("utf-8", "replace").strip().split("\n")[0]
            if process.returncode or said:
                raise OSError(0, f"journalctl ended with {process.returncode}{': ' if said else ''}{said}")
            messages.seek(0)
            yield messages


def _text_of(line: bytes) -> bytes:
    """Raises: OSError for what is no entry."""
    try:
        return msgspec.json.decode(line, type=_Entry).lines
    except (msgspec.DecodeError, ValueError) as error:
        raise OSError(0, f"journalctl wrote what is no entry: {error}") from error


def _started(unit: str, complaints: IO[bytes]) -> "subprocess.Popen[bytes]":
    command = ["journalctl", f"--unit={unit}", f"--since={_SINCE}"]
    command += ["--output=json", "--output-fields=MESSAGE", "--all", "--quiet", "--no-pager"]
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
    except FileNotFoundError as error:
        raise OSError(error.errno, "journalctl is not installed here; name a log file instead") from error
