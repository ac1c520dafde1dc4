"""A server that the battery starts: a child process that says its port, and whose life hangs on a pipe."""

import contextlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence

from battery.chaos.toxiproxy.failure import ToxiproxyFailed

START_SECONDS = 20.0
_STOP_SECONDS = 5.0
_COMPLAINT_BYTES = 2000


class Child:
    """A running server on loopback."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.pid = process.pid
        self.url = f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def child(module: str, options: Sequence[str] = (), *, patience: float = START_SECONDS) -> Iterator[Child]:
    """Run `python -m module` for the time of the block. It gets its lease's pipe as standard input and prints its port.

    Raises: ToxiproxyFailed when it does not start.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=True,  # Ctrl-C is for the battery, which ends this one in order
        )
        try:
            port = _port(process, patience)
            if port is None:
                complaints.seek(0)
                said = complaints.read(_COMPLAINT_BYTES).decode("utf-8", "replace").strip()
                raise ToxiproxyFailed(f"the Toxiproxy server did not start: {said or 'it says nothing'}")
            yield Child(process, port)
        finally:
            _end(process)


def _port(process: subprocess.Popen[bytes], patience: float) -> int | None:
    # From a timer: a pipe cannot be waited for with a time limit otherwise.
    timer = threading.Timer(patience, process.kill)
    timer.start()
    try:
        assert process.stdout is not None, "opened as a pipe"  # noqa: S101 -- states an invariant
        line = process.stdout.readline().strip()
    finally:
        timer.cancel()
    return int(line) if line.isdigit() else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Politely, then not. The signal comes before the end of the pipe, which alone would only end the lease."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
