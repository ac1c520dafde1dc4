"""A worker process: reads batches from stdin, scans, answers on stdout; ends when stdin does, so it is never orphaned.

`python -m battery.scan.source.pool_worker`. The first message is the key under which contents are sealed.
"""

import os
import signal
import struct
import sys
import warnings
from typing import BinaryIO

import msgspec

from battery.scan.source.pool_engines import Engine, open_engine
from battery.scan.source.pool_messages import Answer, Batch, Order

HEAD = struct.Struct(">I")


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message; None at the end."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (length,) = HEAD.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def message(body: bytes) -> bytes:
    """The body with its length before it."""
    return HEAD.pack(len(body)) + body


class Worker:
    """Scans what it is told to, with each engine opened once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._engines: dict[str, Engine] = {}

    def answer(self, order: Order) -> Answer:
        """What the engine says; an engine that raises says so instead, and the file counts as not scanned."""
        try:
            if order.engine not in self._engines:
                self._engines[order.engine] = open_engine(order.engine, self._key)
            return self._engines[order.engine](order.name, order.content)
        except Exception as error:  # noqa: BLE001 - whatever a scanner raises must become a reason, not a silence
            return Answer(
                unread=f"the {order.engine} scanner failed on it: {type(error).__name__}", harmless=False
            )


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until the source ends."""
    key = read_message(source)
    if key is None:
        return
    worker = Worker(key)
    while (body := read_message(source)) is not None:
        for order in msgspec.msgpack.decode(body, type=Batch).orders:
            sink.write(message(msgspec.msgpack.encode(worker.answer(order))))
            sink.flush()


def main() -> None:
    """Serve on stdin and what was stdout: anything that a library prints goes to stderr, not into the protocol."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when an interrupted scan ends
    warnings.simplefilter("ignore")  # scanned code is full of doubtful escapes, which are its own affair
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, sink)
    except BrokenPipeError:
        os._exit(0)  # the parent is gone: nobody is left to tell


if __name__ == "__main__":
    main()
