"""What the service is told on its command line."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True):
    """Where to listen, where to keep the data, and whom to tell."""

    host: str
    port: int
    data: Path
    port_file: Path | None = None
    log: Path | None = None
    end_with_stdin: bool = False


def read_settings(arguments: Sequence[str] | None = None) -> Settings:
    """The settings on the command line; exits with 2 and a line on stderr when they are wrong."""
    parser = argparse.ArgumentParser("python -m battery.reference", description="The reference target.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the database, made if missing")
    parser.add_argument("--port-file", type=Path, help="file that receives the port once it listens")
    parser.add_argument("--log", type=Path, help="file for the log lines instead of stderr")
    parser.add_argument("--end-with-stdin", action="store_true", help="stop when standard input ends")
    return Settings(**vars(parser.parse_args(arguments)))


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port")
    return port
