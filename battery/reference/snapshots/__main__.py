"""`python -m battery.reference.snapshots`: backup, destroy, restore, digest."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from battery.reference.snapshots.backing_up import back_up
from battery.reference.snapshots.content import content_digest
from battery.reference.snapshots.destroying import destroy
from battery.reference.snapshots.failure import SnapshotRefused
from battery.reference.snapshots.marker import alone_in, marked
from battery.reference.snapshots.restoring import finish_interrupted, restore


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command and say on stdout what was done; 0 done, 1 refused with the reason on stderr, 2 bad usage."""
    given = _parser().parse_args(arguments)
    try:
        sys.stdout.write(_done(given) + "\n")
    except (SnapshotRefused, OSError) as error:
        sys.stderr.write(f"cannot {given.command}: {error}\n")
        return 1
    return 0


def _done(given: argparse.Namespace) -> str:
    folder: Path = given.data
    if given.command == "digest":
        marked(folder)
        with alone_in(folder):
            finish_interrupted(folder)
        return content_digest(folder, with_audit=given.with_audit)
    if given.command == "destroy":
        return _line({"destroyed": destroy(folder, given.file)})
    if given.command == "restore":
        manifest = restore(folder, given.file, expected=given.expect)
        return _line({"restored": str(given.file), "taken_at": manifest.taken_at, "digest": manifest.digest})
    manifest = back_up(folder, given.file)
    return _line({"backup": str(given.file), "taken_at": manifest.taken_at, "digest": manifest.digest})


def _line(what: dict[str, object]) -> str:
    return msgspec.json.encode(what).decode()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m battery.reference.snapshots",
        description="Copy the service's data into one file, and go back to it.",
        epilog="exit codes: 0 done, 1 refused and nothing changed, 2 bad usage. The service may run: under its"
        " supervisor it starts anew over what was restored; without one, restart it.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, wanted, text in (
        ("backup", True, "copy the data into FILE"),
        ("restore", True, "make the data what it was in FILE, which is checked first"),
        ("destroy", False, "delete the data; with --file, only when that backup is whole"),
        ("digest", None, "print the sha256 over the content: equal data, equal digest"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "--data", type=Path, required=True, metavar="DIR", help="the service's data folder"
        )
        if wanted is not None:
            command.add_argument("--file", type=Path, required=wanted, metavar="FILE", help="the backup")
        if name == "restore":
            command.add_argument(
                "--expect", default="", metavar="DIGEST", help="refuse content with another digest"
            )
        if name == "digest":
            command.add_argument("--with-audit", action="store_true", help="the audit log too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
