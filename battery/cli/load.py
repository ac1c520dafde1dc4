"""load: run load profiles against a target and judge them, without a certificate."""

import argparse
from pathlib import Path

from battery.cli.parser import words

_LOOPBACK = "127.0.0.1:5557"


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add(
        "url", nargs="?", default="", metavar="URL", help="the target (default: [target] url in battery.toml)"
    )
    add(
        "-p", "--profiles", type=words, default=(), metavar="P1,P3", help="the profiles to run (default: all)"
    )
    add(
        "--intensity",
        choices=("smoke", "standard", "full"),
        help="how long and how hard (default: [run] intensity, else standard)",
    )
    add("--config", type=Path, metavar="FILE", help="default: battery.toml here, where there is one")
    add("--out", type=Path, default=Path("artifacts"), metavar="FOLDER", help="default: artifacts")
    add("--seed", type=int, metavar="N", help="repeat another run's arrivals")
    add(
        "--abort-on-fail",
        action="store_true",
        help="end a profile as soon as one of its rules is lost, whatever would still come",
    )
    add("--workers", type=int, metavar="N", help="generators on this machine (default: as many as fit)")
    add(
        "--master",
        nargs="?",
        const=_LOOPBACK,
        metavar="HOST:PORT",
        help=f"listen here for workers on other machines, without any authentication (default: {_LOOPBACK})",
    )
    add("--remote", type=int, metavar="N", help="how many such workers to wait for (with --master: 1)")
    add("--json", action="store_true", help="print rules, rows and proofs as JSON on stdout")
    parser.epilog = (
        "exit codes: 0 the judged rules pass, 1 one fails, 2 undecided (too few samples, or the instrument did not prove "
        "itself), 64 bad usage or definition. A path in URL goes before every endpoint's path; a query is refused."
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure, print the table, exit with the worst judged rule."""
    from battery.cli.instrument_run import new_instrument_run
    from battery.cli.load_result import INSTRUMENT, measure_and_tell
    from battery.runner.session import RunInterrupted

    folder = new_instrument_run(arguments, INSTRUMENT, _load_options(arguments))
    try:
        return measure_and_tell(arguments, folder)
    except RunInterrupted as error:
        raise RunInterrupted(f"interrupted; what was measured until then stands in {folder.path}") from error


def _load_options(arguments: argparse.Namespace) -> dict[str, object]:
    """What the command line says over the [load] table.

    Raises: UsageError.
    """
    from battery.errors import UsageError

    if arguments.remote is not None and arguments.master is None:
        raise UsageError(
            "--remote needs --master HOST:PORT: where the workers of other machines find this one"
        )
    options: dict[str, object] = {}
    if arguments.abort_on_fail:
        options["abort_on_fail"] = True
    if arguments.workers is not None:
        options["workers"] = arguments.workers
    if arguments.master is not None:
        options |= {"listen": arguments.master, "remote": 1}
    if arguments.remote is not None:
        options["remote"] = arguments.remote
    return options
