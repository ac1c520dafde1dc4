"""The folders in which this user's batteries keep undo journals, so that the next start finds them whatever its --out.

One small file a folder under XDG_STATE_HOME/hardening-battery (or ~/.local/state), which nobody else may write to.
"""

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from battery.chaos.undo.journal_file import PATTERN

_NAME = "undo-folders"
_SUFFIX = ".folder"
_LOCK_SECONDS, _POLL_SECONDS = 3.0, 0.02


class KnownFolders:
    """Where journals may lie; `trouble` says why it cannot be kept, and then only a start with the same --out finds them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        told = environ.get("XDG_STATE_HOME", "")
        home = environ.get("HOME", "")
        base = Path(told) if told.startswith("/") else Path(home) / ".local" / "state" if home else None
        self._place = base / "hardening-battery" / _NAME if base else None
        self.trouble = ""

    def remember(self, folder: Path) -> None:
        """Note a folder that holds a journal."""
        wanted = folder.absolute()
        try:
            with self._held() as place:
                digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:32]
                (place / f"{digest}{_SUFFIX}").write_bytes(os.fsencode(wanted))
        except OSError as error:
            self.trouble = (
                f"{self._place or 'HOME'} cannot be written ({error.strerror or error}): what this run leaves if it is "
                "killed is put back by its watchdog, and by later starts with the same --out only"
            )

    def others(self, than: Path) -> tuple[Path, ...]:
        """The other folders that hold journals; those that hold none any more are forgotten."""
        try:
            with self._held() as place:
                return tuple(_looked_at(place, than.absolute()))
        except OSError:
            return ()  # `remember` meets the same trouble and tells it

    @contextmanager
    def _held(self) -> Iterator[Path]:
        """The place, while no other battery changes it. Raises: OSError."""
        if self._place is None:
            raise FileNotFoundError(2, "no home folder is known")
        self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = os.open(self._place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            told = os.fstat(place)
            if told.st_uid != os.geteuid() or told.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise PermissionError(13, "others may write there, or it is another user's")
            _lock(place)
            yield self._place
        finally:
            os.close(place)


def _lock(place: int) -> None:
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            return


def _looked_at(place: Path, than: Path) -> Iterator[Path]:
    for note in sorted(place.glob(f"*{_SUFFIX}")):
        folder = Path(os.fsdecode(note.read_bytes()))
        if not any(folder.glob(PATTERN)):
            note.unlink()
        elif folder != than:
            yield folder
