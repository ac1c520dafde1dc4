"""Burns one processor for a share of the time, at the lowest priority.

A process of its own (`python -m battery.chaos.faults.agents.cpu`).
"""

import os
import time

from battery.chaos.faults.agents.lifeline import say, take_order

_PERIOD_SECONDS = 0.05
_NICE = 19


def main() -> None:
    """Take the order and burn."""
    order = take_order()
    os.nice(_NICE)
    began = time.monotonic()
    periods = 0
    while True:
        burn(order.amounts["duty"])
        periods += 1
        if periods % 4 == 0:
            say("burned", processor=time.process_time(), seconds=time.monotonic() - began)


def burn(duty: float) -> None:
    """One period: busy for its share, asleep for the rest."""
    began = time.monotonic()
    while time.monotonic() - began < _PERIOD_SECONDS * duty:
        pass
    rest = began + _PERIOD_SECONDS - time.monotonic()
    if rest > 0:
        time.sleep(rest)


if __name__ == "__main__":
    main()
