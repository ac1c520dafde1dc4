"""The parent that the service must not outlive: the end of its standard input tells that it is gone."""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """Stop this process, as SIGTERM does, once standard input ends.

    The kernel closes the parent's end of the pipe however the parent dies, also by SIGKILL.
    """
    threading.Thread(target=_wait_for_the_end, name="parent", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass  # nothing is said here; only the end counts
    os.kill(os.getpid(), signal.SIGTERM)
