"""The commands of the project: check, serve, ask, test, measure."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

DATA = Path("data")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = _parser()
    given, others = parser.parse_known_args(arguments)
    if others and given.command != "test":
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    match given.command:
        case "check":
            from battery.reference.project.requirements import check

            return check(sys.stdout)
        case "serve":
            from battery.reference.project.requirements import FILES, check

            # What the tests need is not asked for: an image for production has none of it.
            if status := check(sys.stdout, FILES[:1]):
                return status
            from battery.reference.project.serve import serve

            return serve(given.host, given.port, given.data)
        case "ask":
            from battery.reference.project.ask import ask
            from battery.reference.project.asking import Question

            return ask(
                Question(method=given.method, path=given.path, body=given.json, token=given.token),
                given.data,
                given.seconds,
            )
        case "test":
            from battery.reference.project.tested import run_tests

            return run_tests(others)
        case _:
            from battery.reference.project.tested import measure

            return measure(given.out, given.least)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python project", description="The reference target's project.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("check", help="are the packages of requirements.txt there?")
    _add_serve(commands.add_parser("serve", help="start the service and what it depends on, until a signal"))
    _add_ask(commands.add_parser("ask", help="wait for the service, ask it one thing and print the answer"))
    commands.add_parser("test", help="run the tests; what else is given goes to pytest")
    measure = commands.add_parser("measure", help="run the tests and write what they cover")
    measure.add_argument(
        "--out", type=Path, default=Path("coverage.json"), help="report (default %(default)s)"
    )
    measure.add_argument("--least", type=float, default=0.0, help="percent below which it fails")
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    _add_data(parser)


def _add_ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", help="such as /api/health/ready")
    parser.add_argument("--method", default="GET", help="default %(default)s; POST with --json")
    parser.add_argument("--json", default="", help="a body")
    parser.add_argument("--token", default="", help="name of the variable that holds a bearer token")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long to wait for the service")
    _add_data(parser)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the data (default %(default)s)")


if __name__ == "__main__":
    sys.exit(main())
