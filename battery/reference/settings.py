"""What the service is told on its command line and in its environment."""

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from battery.reference.access.house_settings import HouseSettings, WrongRule, house_settings_in
from battery.reference.audit.key import WrongKey, key_in
from battery.reference.defects.catalogue import CATALOGUE, UnknownDefect, checked
from battery.reference.dependency.address import Address, WrongAddress, address_in


class Settings(msgspec.Struct, frozen=True):
    """Where to listen, where to keep the data, whom to ask, and whom to tell."""

    host: str
    port: int
    data: Path
    port_file: Path | None = None
    pid_file: Path | None = None
    log: Path | None = None
    end_with_stdin: bool = False
    defects: tuple[str, ...] = ()
    supervise: bool = False
    listen_fd: int | None = None
    restarts: int | None = None
    database_url: str = ""
    dependency: Address | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    house: HouseSettings = HouseSettings()
    audit_key: bytes | None = None


def read_settings(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings; exits with 2 and a line on stderr when they are wrong."""
    environment = os.environ if environment is None else environment
    parser = _parser()
    given = vars(parser.parse_args(arguments))
    try:
        dependency, house = address_in(environment), house_settings_in(environment)
        audit_key = key_in(environment)
    except (WrongAddress, WrongRule, WrongKey) as error:
        parser.error(str(error))
    if (given["tls_cert"] is None) != (given["tls_key"] is None):
        parser.error("--tls-cert and --tls-key go together")
    return Settings(
        **{**given, "defects": tuple(given["defects"])},
        # Only from the environment: a command line, with a password in it, is there for everyone to read.
        database_url=environment.get("DATABASE_URL", ""),
        dependency=dependency,
        house=house,
        audit_key=audit_key,
    )


def worker_arguments(settings: Settings, listen_fd: int, restarts: int) -> list[str]:
    """The command line of the worker that a supervisor starts."""
    arguments = ["--host", settings.host, "--port", str(settings.port), "--data", str(settings.data)]
    files = (("--pid-file", settings.pid_file), ("--log", settings.log))
    for name, file in (*files, ("--tls-cert", settings.tls_cert), ("--tls-key", settings.tls_key)):
        arguments += [name, str(file)] if file else []
    arguments += [f"--defect={name}" for name in settings.defects]
    return [*arguments, "--listen-fd", str(listen_fd), "--restarts", str(restarts), "--end-with-stdin"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m battery.reference",
        description="The reference target.",
        epilog="DATABASE_URL (postgresql://…) replaces SQLite by PostgreSQL; DEPENDENCY_ADDRESS (host:port) is"
        " where python -m battery.reference.downstream, or a proxy before it, listens. REFERENCE_TOKENS"
        " (name:role:tenant:token, comma between) closes it to strangers, REFERENCE_USERS (name:role:tenant:password)"
        " may log in; roles are reader, writer, admin. REFERENCE_ANONYMOUS_LIMIT (burst:rate),"
        " REFERENCE_LOCKOUT_SECONDS and REFERENCE_AUDIT_KEY are for those who know why.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the database, made if missing")
    parser.add_argument("--port-file", type=Path, help="file that receives the port once it listens")
    parser.add_argument("--pid-file", type=Path, help="file that receives the process id of who serves")
    parser.add_argument("--log", type=Path, help="file for the log lines instead of stderr")
    parser.add_argument(
        "--tls-cert", type=Path, metavar="FILE", help="serve HTTPS with this certificate (PEM)"
    )
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key (PEM)")
    parser.add_argument("--end-with-stdin", action="store_true", help="stop when standard input ends")
    parser.add_argument("--supervise", action="store_true", help="restart the service when it dies")
    # From a supervisor to its worker.
    parser.add_argument("--listen-fd", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--restarts", type=int, help=argparse.SUPPRESS)
    parser.add_argument(
        "--defect",
        dest="defects",
        metavar="NAME",
        type=_defect,
        action="append",
        default=[],
        help=f"plant a defect, may be repeated: {_defects()}",
    )
    return parser


def _defects() -> str:
    """What argparse prints: it reads % as a placeholder."""
    return "; ".join(f"{defect.name}: {defect.title}" for defect in CATALOGUE).replace("%", "%%")


def _defect(name: str) -> str:
    try:
        return checked(name)
    except UnknownDefect as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port")
    return port
