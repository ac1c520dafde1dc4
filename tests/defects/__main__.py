"""`python -m tests.defects [NAME …] [--times N]`: the matrix as a table; exits 1 where a defect was not seen, or a rule failed for nothing."""

import argparse
import sys
from pathlib import Path

from tests.defects.driving import look
from tests.defects.planted import PLANTED, Planted
from tests.defects.table import Row, rendered


def main() -> int:
    """Run the chosen rows and print them."""
    parser = _parser()
    arguments = parser.parse_args()
    if arguments.write and (arguments.names or arguments.command):
        parser.error("--write needs all rows: a table of some would pass for the whole")
    chosen = [
        row
        for row in PLANTED
        if (not arguments.names or (row.defect or "healthy") in arguments.names)
        and (not row.needs_database or arguments.database_url)
        and (not arguments.command or row.command[0] == arguments.command)
    ]
    rows = [_row(planted, arguments.times, arguments.database_url) for planted in chosen]
    if arguments.write:
        arguments.write.write_text(rendered(rows))
    return 0 if rows and all(row.right == row.times for row in rows) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.defects")
    parser.add_argument("names", nargs="*", help="defects; healthy for none")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--command", help="only rows of this command: soak, chaos, certify")
    parser.add_argument("--database-url", default="", help="run the target on this PostgreSQL")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    return parser


def _row(planted: Planted, times: int, database_url: str) -> Row:
    """One row, repeated; the words of what went otherwise are printed."""
    name = f"{planted.command[0]:8}{planted.defect or 'healthy':22}"
    right, failed, undecided = 0, set[str](), set[str]()
    for _ in range(times):
        seen = look(planted, database_url)
        right += seen.fits(planted)
        failed |= set(seen.failed)
        undecided |= set(seen.undecided)
        if not seen.fits(planted):
            print(seen.said, file=sys.stderr)
        told = ", ".join(seen.failed) or "nothing failed"
        beside = f"; undecided: {', '.join(seen.undecided)}" if seen.undecided else ""
        print(f"{name} {told}{beside}", flush=True)
    print(f"{name} as expected in {right} of {times} runs", flush=True)
    return Row(planted, tuple(sorted(failed)), tuple(sorted(undecided)), right, times)


if __name__ == "__main__":
    sys.exit(main())
