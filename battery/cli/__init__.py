"""The command line: one thin module a command; people read stderr, machines read --json on stdout."""

import argparse
import os
import signal
import sys
import textwrap
import threading
import traceback
from collections.abc import Sequence
from functools import partial
from types import FrameType

from battery.cli import (
    audit_chain,
    certify,
    chaos,
    compare,
    doctor,
    history,
    init,
    keygen,
    load,
    report,
    scan,
    schema,
    show,
    slo,
    soak,
    toxiproxy,
    verify,
    worker,
)
from battery.cli.output import emit_json, say
from battery.cli.parser import Parser
from battery.errors import BatteryError

COMMANDS = (
    certify,
    load,
    soak,
    worker,
    chaos,
    toxiproxy,
    scan,
    verify,
    show,
    report,
    compare,
    history,
    keygen,
    init,
    doctor,
    schema,
    slo,
    audit_chain,
)
INTERNAL, INTERRUPTED, NOBODY_READS = 70, 130, 141
_PATIENCE = 2.0
_WIDTH = 98
_EPILOG = """\
exit codes: certify 0 certified, 1 a gate failed, 2 undecided, 64 bad usage or definition, 70 internal
error, 130 interrupted; verify 0 accepted, 1 not certified, 2 undecided, 3 expired, 4 not trusted,
5 malformed. `battery COMMAND --help` tells more."""
_CODES = "exit codes: 0 done, 64 bad usage or definition, 70 internal error, 130 interrupted"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = _parser().parse_args(argv)
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = _run(arguments)
    finally:
        signal.signal(signal.SIGTERM, before)
    if argv is None:
        _end_despite_threads(code)
    return code


def _run(arguments: argparse.Namespace) -> int:
    try:
        return int(arguments.run(arguments))
    except BatteryError as error:
        if error.more:
            say(error.more)
        return _fail(arguments, str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail(arguments, "interrupted", INTERRUPTED)
    except BrokenPipeError:
        # The reader of stdout went away; Python would complain once more when it flushes at exit. The verdict was
        # not told, so the code is not one of a verdict: the one that a shell shows for SIGPIPE.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except Exception as error:  # noqa: BLE001 -- the last line of defence: one line instead of a traceback
        if os.environ.get("BATTERY_TRACEBACK"):
            traceback.print_exc()
        text = f"internal error: {type(error).__name__}: {error}; a defect of the battery (BATTERY_TRACEBACK=1 shows where)"
        return _fail(arguments, text, INTERNAL)


def _parser() -> Parser:
    parser = Parser(
        prog="battery",
        description="Attack a service with load, faults and scans, judge it against gates, sign a certificate.",
        epilog=_wrapped(_EPILOG),
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=26, width=_WIDTH),
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2].replace("_", "-")
        summary = (command.__doc__ or "").splitlines()[0].partition(": ")[2]
        sub = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.configure(sub)
        sub.epilog = _wrapped(_with_codes(sub.epilog or ""))
        sub.set_defaults(run=command.run, command=name)
    return parser


def _with_codes(epilog: str) -> str:
    """The command's own words, and its exit codes where it has none of its own."""
    return epilog if "exit codes" in epilog else f"{epilog}\n\n{_CODES}".lstrip()


def _wrapped(text: str) -> str:
    """Each paragraph in lines that fit."""
    return "\n\n".join(textwrap.fill(" ".join(part.split()), _WIDTH) for part in text.split("\n\n"))


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from battery.version import version

        print(f"battery {version()}")  # noqa: T201 -- what --version is for
        parser.exit()


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- the shape of a signal handler
    """A polite kill stops a run as Ctrl-C does: cleanly and resumably."""
    raise KeyboardInterrupt


def _end_despite_threads(code: int) -> None:
    """Python waits at its exit for every thread, also for one that a check left running for good."""
    timer = threading.Timer(_PATIENCE, os._exit, [code])
    timer.daemon = True
    if threading.active_count() > 1:
        timer.start()


def _fail(arguments: argparse.Namespace, text: str, code: int) -> int:
    line = " ".join(text.split())
    say(f"battery {arguments.command}: {line}")
    if getattr(arguments, "json", False):
        emit_json({"error": line, "exit": code})
    return code
