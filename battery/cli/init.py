"""init: write a commented battery.toml from what stands in this folder."""

import argparse
import os
import sys
from pathlib import Path

from battery.cli.output import emit_json, say


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="default: this folder"
    )
    parser.add_argument("--url", default="", metavar="URL", help="where the target runs")
    parser.add_argument("--force", action="store_true", help="replace an existing battery.toml")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    parser.epilog = "Asks for the URL on a terminal only; elsewhere it guesses and says so in a comment."


def run(arguments: argparse.Namespace) -> int:
    """Look, ask where somebody can answer, write."""
    from battery.definitions.battery_toml import check_url
    from battery.definitions.discovery import discover
    from battery.definitions.starter import starter_toml
    from battery.errors import UsageError
    from battery.store import write_atomically

    path = arguments.folder / "battery.toml"
    if not arguments.folder.is_dir():
        raise UsageError(f"{arguments.folder}: is no folder")
    if os.path.lexists(path) and not arguments.force:
        raise UsageError(f"{path}: exists already; --force replaces it")
    found = discover(arguments.folder)
    url = arguments.url or _asked(found.url)
    check_url(url or found.url, "--url", "")
    write_atomically(path, starter_toml(found, url).encode())
    for line in found.notes:
        say(f"found {line}")
    if not url:
        say(f"{path}: nobody said where the target runs: {found.url} is a guess")
    say(f"{path}: written. Read its comments, then: battery certify")
    if arguments.json:
        emit_json({"path": str(path), "found": found})
    return 0


def _asked(guess: str) -> str:
    """What somebody at a terminal says, or agrees to; empty where nobody is there."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    say(f"Where does the target run? [{guess}]")
    return sys.stdin.readline().strip() or guess
