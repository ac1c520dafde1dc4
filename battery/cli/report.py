"""report: tell a finished run again, and write its reports anew."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import emit, emit_json, say

if TYPE_CHECKING:
    from battery.model.run import Run


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="a run folder such as artifacts/latest")
    parser.add_argument(
        "--format",
        choices=("console", "html", "junit", "markdown"),
        default="console",
        help="console goes to stderr, the others to stdout (default: console)",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="write report.html, junit.xml and summary.md in the run folder anew",
    )
    parser.add_argument("--json", action="store_true", help="print the judged run as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Read, judge again, render."""
    from battery.pipeline import read_run, write_reports
    from battery.report.console import render_console
    from battery.report.html import html_report
    from battery.report.junit import junit_xml
    from battery.report.markdown import markdown_summary
    from battery.store import RunFolder

    folder = RunFolder.open(arguments.run_folder)
    found = read_run(folder)
    if arguments.write:
        with folder.locked():
            write_reports(found, folder)
        say(f"{folder.path}: report.html, junit.xml and summary.md written")
    if arguments.json:
        emit_json(found)
    elif arguments.format == "console":
        render_console(found, sys.stderr, colour=False)
    else:
        texts: dict[str, Callable[[Run], str]] = {
            "html": html_report,
            "markdown": markdown_summary,
            "junit": lambda run: junit_xml(run).decode(),
        }
        emit(texts[arguments.format](found))
    return 0
