"""`python -m battery.reference.audit verify FILE`: 0 intact, 1 broken, 64 it cannot be told."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from battery.reference.audit.head import FILE as HEAD
from battery.reference.audit.key import VARIABLE, WrongKey, kept_key, key_in
from battery.reference.audit.verification import verify_file

INTACT, BROKEN, UNKNOWN = 0, 1, 64


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Verify one log, and say on stdout what was found."""
    given = _parser().parse_args(arguments)
    data = given.data or given.file.parent
    try:
        key = key_in(os.environ if environment is None else environment) or kept_key(data)
        verdict = verify_file(given.file, given.head or data / HEAD, key)
    except (OSError, WrongKey) as error:
        sys.stderr.write(f"cannot verify {given.file}: {error}\n")
        return UNKNOWN
    sys.stdout.write(f"{'intact' if verdict.intact else 'BROKEN'}: {verdict.detail}\n")
    return INTACT if verdict.intact else BROKEN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m battery.reference.audit",
        description="Verify an audit log: every record, every link, and its end.",
        epilog=f"exit codes: 0 intact, 1 broken, 64 it cannot be told. {VARIABLE} holds the key where it is not kept"
        " in the data folder. A log as it was some moments ago looks cut off beside the head of a running service.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="verify a log file")
    verify.add_argument("file", type=Path, metavar="FILE", help="the log, or a copy of it")
    verify.add_argument("--data", type=Path, help="the service's data folder (default: the folder of FILE)")
    verify.add_argument("--head", type=Path, help=f"the head (default: {HEAD} in the data folder)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
