"""`python -m tests.defects [NAME …] [--times N]`: the matrix as a table; exits 1 where a defect was not seen, or a rule failed for nothing."""

import argparse
import sys

from tests.defects.driving import look
from tests.defects.planted import PLANTED, Planted


def main() -> int:
    """Run the chosen rows and print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", help="defects; healthy for none")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--command", help="only rows of this command")
    parser.add_argument("--database-url", default="", help="run the target on this PostgreSQL")
    arguments = parser.parse_args()
    chosen = [
        row
        for row in PLANTED
        if (not arguments.names or (row.defect or "healthy") in arguments.names)
        and (not row.needs_database or arguments.database_url)
        and (not arguments.command or row.command[0] == arguments.command)
    ]
    results = [_row(row, arguments.times, arguments.database_url) for row in chosen]
    return 0 if all(results) else 1


def _row(planted: Planted, times: int, database_url: str) -> bool:
    """One row, repeated; the words of what went otherwise are printed."""
    right = 0
    for _ in range(times):
        seen = look(planted, database_url)
        right += seen.fits(planted)
        if not seen.fits(planted):
            print(seen.said, file=sys.stderr)
        told = ", ".join(seen.failed) or "nothing failed"
        undecided = f"; undecided: {', '.join(seen.undecided)}" if seen.undecided else ""
        print(f"{planted.command[0]:6} {planted.defect or 'healthy':22} {told}{undecided}", flush=True)
    print(
        f"{planted.command[0]:6} {planted.defect or 'healthy':22} as expected in {right} of {times} runs",
        flush=True,
    )
    return right == times


if __name__ == "__main__":
    sys.exit(main())
