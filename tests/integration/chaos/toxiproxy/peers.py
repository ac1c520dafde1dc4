"""Real TCP peers: an upstream that does something with each connection, and clients that say how it ended."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

PATIENCE = 20.0  # how long a test waits for what must come; a busy machine is slow, not wrong


class Upstream:
    """A listening socket; each connection is handled in a thread of its own, and can be asked for."""

    def __init__(self, handle: Callable[[socket.socket], None]) -> None:
        self._handle = handle
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.accepted: list[socket.socket] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    def connection(self, index: int = 0) -> socket.socket:
        """The connection of that number, once it is there."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.accepted) > index, PATIENCE), "nobody connected"
            return self.accepted[index]

    def close(self) -> None:
        """No more; a thread that waits in accept would keep the socket open."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for accepted in self.accepted:
            accepted.close()

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            accepted.settimeout(PATIENCE)
            with self._changed:
                self.accepted.append(accepted)
                self._changed.notify_all()
            threading.Thread(target=self._serve, args=(accepted,), daemon=True).start()

    def _serve(self, accepted: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._handle(accepted)


def echo(accepted: socket.socket) -> None:
    """Send everything back; end when the peer does."""
    while data := accepted.recv(65536):
        accepted.sendall(data)
    accepted.close()


def idle(accepted: socket.socket) -> None:
    """Leave the connection to the test."""


def answer_at_end(accepted: socket.socket) -> None:
    """Read to the peer's end, and only then say how much it was."""
    size = 0
    while data := accepted.recv(65536):
        size += len(data)
    accepted.sendall(f"{size} bytes".encode())
    accepted.close()


@contextlib.contextmanager
def upstream(handle: Callable[[socket.socket], None] = echo) -> Iterator[Upstream]:
    """An upstream for the time of the block."""
    running = Upstream(handle)
    try:
        yield running
    finally:
        running.close()


@contextlib.contextmanager
def connected(listen: str) -> Iterator[socket.socket]:
    """A client's connection."""
    host, _, port = listen.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), PATIENCE) as client:
        client.settimeout(PATIENCE)
        yield client


def exactly(client: socket.socket, size: int) -> bytes:
    """So many bytes."""
    data = b""
    while len(data) < size:
        more = client.recv(size - len(data))
        assert more, f"ended after {len(data)} of {size} bytes"
        data += more
    return data


def to_the_end(client: socket.socket) -> bytes:
    """All that comes until the peer's orderly end."""
    data = b""
    while more := client.recv(65536):
        data += more
    return data


def is_reset(client: socket.socket) -> bool:
    """Whether the connection ends with a reset, not an orderly end; waits for either."""
    try:
        while client.recv(65536):
            pass
    except ConnectionResetError:
        return True
    return False


def is_silent(client: socket.socket, seconds: float = 0.3) -> bool:
    """Whether nothing comes for a while."""
    client.settimeout(seconds)
    try:
        client.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return True
    finally:
        client.settimeout(PATIENCE)
    return False


def is_refused(listen: str) -> bool:
    """Whether nobody listens there."""
    host, _, port = listen.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


@contextlib.contextmanager
def clocked() -> Iterator[Callable[[], float]]:
    """Seconds since the block began."""
    began = time.monotonic()
    yield lambda: time.monotonic() - began


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Wait until it holds."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"never: {what}"
        time.sleep(0.005)
