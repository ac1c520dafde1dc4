"""A server whose latencies follow a script, and that logs its own truth.

`python -m tests.fakes.scripted_server SCRIPT` prints its port, serves until stdin closes, and then prints what it did
as JSON: for each request the nanoseconds from reading it to writing the answer, and each stall's begin and end.
"""

import argparse
import asyncio
import json
import random
import ssl
import sys
import time
from collections.abc import Callable

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
SCRIPTS: dict[str, Callable[[random.Random], float]] = {
    "none": lambda _: 0.0,
    "fixed": lambda _: 0.020,
    "bimodal": lambda source: 0.005 if source.random() < 0.8 else 0.050,
    "log-normal": lambda source: min(source.lognormvariate(-4.3, 0.5), 0.5),
}


class Script:
    """Draws latencies, stalls the whole process once, hangs for good; remembers all."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._draw = SCRIPTS[options.script]
        self._random = random.Random(7)
        self._first = 0
        self.took: list[int] = []
        self.stalls: list[tuple[int, int]] = []
        self.idle_limit: float = options.idle_limit
        self.bodies = 0
        self.first_unanswered = 0
        self.unanswered = 0

    def latency(self) -> float | None:
        """Seconds until the answer; None for no answer ever."""
        now = time.perf_counter_ns()
        self._first = self._first or now
        since = (now - self._first) / 1e9
        options = self._options
        if options.stall_seconds and not self.stalls and since >= options.stall_after:
            time.sleep(options.stall_seconds)
            self.stalls.append((now, time.perf_counter_ns()))
        if options.hang_after and since >= options.hang_after:
            self.first_unanswered = self.first_unanswered or now
            self.unanswered += 1
            return None
        return self._draw(self._random)


class ScriptedProtocol(asyncio.Protocol):
    """Answers each request when the script says; bodies are read by their stated length."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._transport: asyncio.Transport
        self._data = b""
        self._used = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Begin each whole request."""
        read = time.perf_counter_ns()
        idle, self._used = time.monotonic() - self._used, time.monotonic()
        if self._script.idle_limit and idle > self._script.idle_limit:
            self._transport.close()  # as if the limit had struck while the request was on its way
            return
        self._data += data
        while (end := _end_of_request(self._data)) is not None:
            self._script.bodies += self._data[:end].endswith(b"\r\n\r\nbody")
            self._data = self._data[end:]
            latency = self._script.latency()
            if latency is not None:
                if latency:
                    asyncio.get_running_loop().call_later(latency, self._answer, read)
                else:
                    self._answer(read)

    def _answer(self, read: int) -> None:
        self._script.took.append(time.perf_counter_ns() - read)
        self._transport.write(ANSWER)


def _end_of_request(data: bytes) -> int | None:
    head, found, rest = data.partition(b"\r\n\r\n")
    if not found:
        return None
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    return len(head) + 4 + length if len(rest) >= length else None


async def serve(script: Script, options: argparse.Namespace) -> None:
    """Serve until stdin closes."""
    loop = asyncio.get_running_loop()
    tls = None
    if options.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.certificate)
    server = await loop.create_server(
        lambda: ScriptedProtocol(script), options.host, 0, backlog=4096, ssl=tls
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    server.close()
    truth = {"took": script.took, "stalls": script.stalls, "bodies": script.bodies}
    hang = {"first_unanswered": script.first_unanswered, "unanswered": script.unanswered}
    print(json.dumps(truth | hang), flush=True)


def main() -> None:
    """Parse and serve, on uvloop: a slow server would be noise in its own truth."""
    import uvloop

    parser = argparse.ArgumentParser()
    parser.add_argument("script", choices=SCRIPTS)
    parser.add_argument("--stall-after", type=float, default=0.0)
    parser.add_argument("--stall-seconds", type=float, default=0.0)
    parser.add_argument("--hang-after", type=float, default=0.0)
    parser.add_argument("--idle-limit", type=float, default=0.0)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--certificate", help="a PEM file with key and certificate: serve TLS")
    options = parser.parse_args()
    uvloop.run(serve(Script(options), options))


if __name__ == "__main__":
    main()
