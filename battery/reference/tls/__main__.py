"""`python -m battery.reference.tls FOLDER`: certificates to try TLS with on this machine."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from battery.reference.clock import wall_clock
from battery.reference.tls.certificates import make_certificates


def main(arguments: Sequence[str] | None = None) -> int:
    """Make them, and say how they are used."""
    parser = argparse.ArgumentParser(
        "python -m battery.reference.tls",
        description="Make an authority and a certificate for 127.0.0.1, ::1 and localhost.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where they go, made if missing")
    parser.add_argument("--days", type=float, default=90.0, help="how long it is valid (default 90)")
    given = parser.parse_args(arguments)
    try:
        files = make_certificates(given.folder, wall_clock(), days=given.days)
    except OSError as error:
        sys.stderr.write(f"cannot write to {given.folder}: {error.strerror}\n")
        return 1
    sys.stdout.write(f"serve with --tls-cert {files.certificate} --tls-key {files.key}\n")
    sys.stdout.write(f"clients trust {files.authority}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
