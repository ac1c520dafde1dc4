"""soak: run P4 for as long as you say, with a line and a checkpoint a minute."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from battery.store import RunFolder

_FIXED_BY_PLAN = ("url", "config", "rate", "duration", "every", "seed")


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add(
        "url", nargs="?", default="", metavar="URL", help="the target (default: [target] url in battery.toml)"
    )
    add("--for", dest="duration", type=_quantity("seconds"), metavar="8h", help="how long (default: 8 h)")
    add(
        "--rate", type=_quantity("per_second"), metavar="60/s", help="requests a second (default: as P4 says)"
    )
    add(
        "--every",
        type=_quantity("seconds"),
        metavar="1min",
        help="how often a line is told and a checkpoint written (default: 1 min)",
    )
    add("--stop-early", action="store_true", help="end as soon as a growth or error rule is clearly lost")
    add("--resume", type=Path, metavar="RUN", help="go on with a soak that was interrupted or killed")
    add("--config", type=Path, metavar="FILE", help="default: battery.toml here, where there is one")
    add("--out", type=Path, default=Path("artifacts"), metavar="FOLDER", help="default: artifacts")
    add("--seed", type=int, metavar="N", help="repeat another run's arrivals")
    add("--json", action="store_true", help="print rules, rows and proofs as JSON on stdout")
    parser.epilog = (
        "exit codes: 0 the judged rules pass, 1 one fails, 2 undecided (too few samples, or the instrument did not prove "
        "itself), 64 bad usage or definition, 130 interrupted (go on with --resume). A soak that was killed goes on from "
        "its last checkpoint; the time in between is told in its evidence and counts for nothing."
    )


def run(arguments: argparse.Namespace) -> int:
    """Soak, or go on with a soak; exit with the worst judged rule."""
    from battery.cli.load_result import measure_and_tell
    from battery.runner.session import RunInterrupted

    folder = _resumed(arguments) if arguments.resume else _new(arguments)
    try:
        return measure_and_tell(arguments, folder)
    except RunInterrupted as error:
        raise RunInterrupted(f"interrupted; go on with: battery soak --resume {folder.path}") from error


def _new(arguments: argparse.Namespace) -> "RunFolder":
    from battery.cli.instrument_run import new_instrument_run
    from battery.cli.load_result import INSTRUMENT
    from battery.definitions.soak import Soak

    arguments.profiles, arguments.intensity = ("P4",), "full"
    options: dict[str, object] = {}
    if arguments.every:
        options["checkpoint"] = arguments.every
    if arguments.stop_early:
        options |= {"stop_on_growth": True, "abort_on_fail": True}
    soak = Soak(duration=arguments.duration or "8 h", rate=arguments.rate or "")
    return new_instrument_run(arguments, INSTRUMENT, options, soak)


def _resumed(arguments: argparse.Namespace) -> "RunFolder":
    """The folder of an earlier soak.

    Raises: UsageError beside options that its plan has fixed, or when it is no soak; StoreError.
    """
    from battery.errors import UsageError
    from battery.store import RunFolder

    for name in _FIXED_BY_PLAN:
        if getattr(arguments, name) not in (None, ""):
            option = "--for" if name == "duration" else "URL" if name == "url" else f"--{name}"
            raise UsageError(
                f"{option} has no place beside --resume: the plan was written with the first start"
            )
    folder = RunFolder.open(arguments.resume)
    if folder.plan().only != ("load", "P4"):
        raise UsageError(
            f"{arguments.resume}: is no soak; `battery certify --resume` goes on with other runs"
        )
    return folder


def _quantity(kind: str) -> "Callable[[str], str]":
    """A reader of quantities as battery.toml spells them, which keeps their text."""

    def read(text: str) -> str:
        from battery.model import quantity

        try:
            if getattr(quantity, kind)(text) <= 0:
                raise argparse.ArgumentTypeError(f"{text}: expected more than 0")
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error
        return text

    return read
