"""doctor: tell what this machine has and lacks for a run."""

import argparse
from pathlib import Path

from battery.cli.output import emit_json, say


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="default: battery.toml")
    parser.add_argument(
        "--out", type=Path, default=Path("artifacts"), metavar="FOLDER", help="default: artifacts"
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.epilog = "marks: ok, MEND what is wrong for every run, none what is absent and some runs need. exit codes: 0 nothing to mend, 64 something is"


def run(arguments: argparse.Namespace) -> int:
    """Tell each thing; exit 64 when a needed one is wrong."""
    from battery.examination import examine

    config = arguments.config or Path("battery.toml")
    found = examine(config, arguments.out, asked_for=arguments.config is not None)
    for item in found:
        mark = "ok  " if item.ok else ("MEND" if item.needed else "none")
        say(f"{mark}  {item.name:<18} {item.detail}")
    if arguments.json:
        emit_json(found)
    return 64 if any(item.needed and not item.ok for item in found) else 0
