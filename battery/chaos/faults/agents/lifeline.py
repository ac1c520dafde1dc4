"""The lifeline of an agent: its order comes in the first line of standard input, and its end with the end of that."""

import os
import select
import signal
import sys
import threading
import time

import msgspec

from battery.chaos.faults.agents.order import Order, Said

_LAST_WORD_SECONDS = 1.0


def take_order() -> Order:
    """Read the order and end this process when the battery is gone or the order's time is up."""
    order = msgspec.json.decode(_first_line(), type=Order)
    until = time.monotonic() + order.seconds
    threading.Thread(target=_hold, args=(until,), name="lifeline", daemon=True).start()
    return order


def say(what: str, **numbers: float) -> None:
    """Tell the battery what was measured."""
    _write(Said(what=what, numbers=numbers))


def complain(words: str) -> None:
    """Tell the battery why it cannot be done."""
    _write(Said(what="trouble", words=words))


def _write(said: Said) -> None:
    try:
        os.write(1, msgspec.json.encode(said) + b"\n")
    except BrokenPipeError:
        sys.exit(0)  # nobody listens any more: the lifeline is about to say the same


def _first_line() -> bytes:
    line = bytearray()
    # Byte by byte: nothing behind the line may wait in a buffer that select does not see.
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return bytes(line)


def _hold(until: float) -> None:
    while (left := until - time.monotonic()) > 0:
        readable, _, _ = select.select([0], [], [], left)
        if readable and not os.read(0, 1024):
            break
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LAST_WORD_SECONDS)
    os._exit(1)  # whoever catches SIGTERM here has had its time
