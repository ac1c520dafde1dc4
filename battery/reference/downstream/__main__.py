"""`python -m battery.reference.downstream`: listen, announce, answer until a signal comes."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from battery.reference.announcement import announce, announcement, withdraw
from battery.reference.downstream.server import LONGEST_LINE, converse
from battery.reference.parent import end_with_parent
from battery.reference.serving import listen


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the dependency; 0 after a signal, 1 when it cannot listen."""
    parser = argparse.ArgumentParser(
        "python -m battery.reference.downstream", description="The reference target's dependency."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="file that receives the port once it listens")
    parser.add_argument("--end-with-stdin", action="store_true", help="stop when standard input ends")
    given = parser.parse_args(arguments)
    try:
        asyncio.run(_serve(given))
    except OSError as error:
        sys.stderr.write(f"cannot serve: {error}\n")
        return 1
    return 0


async def _serve(given: argparse.Namespace) -> None:
    withdraw(given.port_file)
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    if given.end_with_stdin:
        end_with_parent()
    listener = listen(given.host, given.port)
    server = await asyncio.start_server(converse, sock=listener, limit=LONGEST_LINE)
    announce(announcement(given.host, listener.getsockname()[1]), given.port_file)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    sys.exit(main())
