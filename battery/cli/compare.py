"""compare: lay two runs side by side: measures, gates, and latency and errors under load second by second."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import emit_json, say

if TYPE_CHECKING:
    from battery.comparing import Side


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("before", type=Path, metavar="RUN", help="the older run folder")
    parser.add_argument("after", type=Path, metavar="RUN", help="the newer run folder")
    parser.add_argument(
        "--minimum-effect",
        type=_percent,
        default=5.0,
        metavar="PERCENT",
        help="how much slower a load profile may be before that counts (default: 5%%)",
    )
    parser.add_argument("--json", action="store_true", help="print both sides as JSON")
    parser.epilog = (
        "exit codes: 0 nothing got worse, 1 a gate got worse, or a load profile is slower by more than the minimum effect "
        "or fails 0.1 percentage points more requests, both with 95 percent confidence, 4 a run is not as it was recorded, "
        "64 a folder is no run. Loads are compared by the seconds of their counted stages (block bootstrap), and only "
        "where both runs sent the same load and their instruments proved themselves; what is unclear, too short or not "
        "comparable is said and changes no exit code. The intervals know what changed within each run, not that one "
        "night differs from another."
    )


def run(arguments: argparse.Namespace) -> int:
    """Tell what changed; exit 1 when something got worse."""
    from random import Random

    from battery.comparing import compare_loads, compare_runs
    from battery.comparing.wording import got_worse, lines_of

    before, after = _side(arguments.before), _side(arguments.after)
    changes = compare_runs(before.run, after.run)
    # The same two runs compare the same way each time: the resampling is seeded.
    loads = compare_loads(before, after, Random, minimum_effect=arguments.minimum_effect / 100)
    marked = "BASELINE " if before.run.is_baseline or after.run.is_baseline else ""
    for line in lines_of(changes, loads):
        say(f"{marked}{line}")
    worse = got_worse(changes, loads)
    say(f"{marked}{'got worse: ' + ', '.join(worse) if worse else 'nothing got worse'}")
    if arguments.json:
        emit_json({"measures": changes.measures, "gates": changes.gates, "loads": loads, "worse": worse})
    return 1 if worse else 0


def _side(path: Path) -> "Side":
    """A run with the time slices of its load checks."""
    from battery.comparing import Side
    from battery.comparing.side import SLICES
    from battery.pipeline import read_run
    from battery.store import RunFolder

    folder = RunFolder.open(path)
    result = read_run(folder)
    blobs = {item.check: blob for item in result.evidence for blob in item.blobs if blob.name == SLICES}
    return Side(result, {check: folder.read_blob(blob.sha256) for check, blob in blobs.items()})


def _percent(text: str) -> float:
    """A percentage from 0 on; "5", "5%" and "5 %"."""
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage of 0 or more, such as 5 or 2.5%")
    return value
