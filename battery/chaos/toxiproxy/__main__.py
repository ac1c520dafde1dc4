"""`python -m battery.chaos.toxiproxy`: the embedded server as a child of the battery.

It prints its port, and its life hangs on the pipe at its standard input (`server/lease.py`).
"""

import argparse
import sys

from battery.chaos.toxiproxy.server.serving import Settings, serve_until_signal
from battery.errors import BatteryError


def main() -> int:
    """Serve on a free loopback port."""
    parser = argparse.ArgumentParser(prog="python -m battery.chaos.toxiproxy")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--linger", type=float, default=Settings().linger)
    parser.add_argument("--metrics", action="store_true")
    arguments = parser.parse_args()
    settings = Settings(port=arguments.port, linger=arguments.linger, metrics=arguments.metrics, leased=True)
    try:
        serve_until_signal(settings, _announce)
    except BatteryError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _announce(host: str, port: int, proxies: int) -> None:  # noqa: ARG001 -- the shape of an announcement
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
