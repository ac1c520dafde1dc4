"""A link to one worker process: batches go out, answers come back one by one, and silence has an end."""

import contextlib
import os
import subprocess
import sys
import time
from collections import deque
from typing import BinaryIO, cast

import msgspec

from battery.scan.source.pool_messages import Answer, Batch, Order, Piece
from battery.scan.source.pool_worker import HEAD, message

_READ = 1 << 20


class Task:
    """A piece with its content read, and the name its answer is cached under."""

    def __init__(self, piece: Piece, content: bytes, cache_name: bytes) -> None:
        self.piece, self.content, self.cache_name = piece, content, cache_name


class Link:
    """One running worker."""

    def __init__(self, key: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "battery.scan.source.pool_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._orders = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        self._buffer = bytearray()
        self._last = time.monotonic()
        self.waiting: deque[Task] = deque()
        self._send(key)

    @property
    def pid(self) -> int:
        """The worker's process."""
        return self._process.pid

    def fileno(self) -> int:
        """What to wait on."""
        return self._answers.fileno()

    def send(self, engine: str, tasks: list[Task]) -> None:
        """Give the worker a batch. A worker that died meanwhile shows at the next `receive`."""
        self.waiting.extend(tasks)
        orders = tuple(Order(engine=engine, name=task.piece.name, content=task.content) for task in tasks)
        self._last = time.monotonic()
        self._send(msgspec.msgpack.encode(Batch(orders=orders)))

    def receive(self) -> list[tuple[Task, Answer]] | None:
        """The answers that have come; None when the worker is gone."""
        chunk = os.read(self.fileno(), _READ)
        self._buffer += chunk
        self._last = time.monotonic()
        answered = []
        while (body := self._message()) is not None:
            answered.append((self.waiting.popleft(), msgspec.msgpack.decode(body, type=Answer)))
        return answered if chunk or answered else None

    def silent_for(self) -> float:
        """Seconds since the worker got its batch or gave its last answer."""
        return time.monotonic() - self._last if self.waiting else 0.0

    def end(self) -> int:
        """Stop the worker, whatever it does, and wait until it is gone; its exit status."""
        self._process.kill()
        for stream in (self._orders, self._answers):
            with contextlib.suppress(BrokenPipeError):  # what it will not read any more
                stream.close()
        return self._process.wait()

    def crashed(self) -> int:
        """Wait for a worker that closed its end; its exit status, negative for a signal."""
        try:
            return self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return self.end()
        finally:
            self.end()

    def _message(self) -> bytes | None:
        if len(self._buffer) < HEAD.size:
            return None
        (length,) = HEAD.unpack_from(self._buffer)
        if len(self._buffer) < HEAD.size + length:
            return None
        body = bytes(self._buffer[HEAD.size : HEAD.size + length])
        del self._buffer[: HEAD.size + length]
        return body

    def _send(self, body: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # its end shows as the end of its answers
            self._orders.write(message(body))
            self._orders.flush()
