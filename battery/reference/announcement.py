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


def announcement(host: str, port: int) -> Announcement:
    """The announcement of this process."""
    shown = f"[{host}]" if ":" in host else host
    return Announcement(f"http://{shown}:{port}", port, os.getpid())


def announce(what: Announcement, port_file: Path | None) -> None:
    """Write the port file, if one is wanted, and one JSON line on stdout."""
    if port_file is not None:
        # A reader finds no file or the whole number, never half of it.
        fresh = port_file.with_name(f"{port_file.name}.{what.pid}")
        fresh.write_text(f"{what.port}\n", encoding="ascii")
        fresh.replace(port_file)
    sys.stdout.write(msgspec.json.encode(what).decode() + "\n")
    sys.stdout.flush()


def withdraw(port_file: Path | None) -> None:
    """Remove the port file of an earlier process, which would send a reader to a port that is not ours."""
    if port_file is not None:
        port_file.unlink(missing_ok=True)
