"""Telling the world where the service listens."""

import os
import sys
from pathlib import Path

import msgspec


class Announcement(msgspec.Struct, frozen=True):
    """Where the service listens, and which process it is."""

    url: str
    port: int
    pid: int


def announcement(host: str, port: int, *, tls: bool = False) -> Announcement:
    """The announcement of this process."""
    shown = f"[{host}]" if ":" in host else host
    return Announcement(f"http{'s' if tls else ''}://{shown}:{port}", port, os.getpid())


def announce(what: Announcement, port_file: Path | None, pid_file: Path | None = None) -> None:
    """Write the port file and the pid file, where they are wanted, and one JSON line on stdout."""
    for file, number in ((port_file, what.port), (pid_file, what.pid)):
        if file is not None:
            _write(file, number, what.pid)
    sys.stdout.write(msgspec.json.encode(what).decode() + "\n")
    sys.stdout.flush()


def withdraw(*files: Path | None) -> None:
    """Remove the files of an earlier process, which would send a reader to a port or a process that is not ours."""
    for file in files:
        if file is not None:
            file.unlink(missing_ok=True)


def _write(file: Path, number: int, pid: int) -> None:
    # A reader finds no file or the whole number, never half of it.
    fresh = file.with_name(f"{file.name}.{pid}")
    fresh.write_text(f"{number}\n", encoding="ascii")
    fresh.replace(file)
