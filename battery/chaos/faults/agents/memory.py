"""Takes memory: touches pages once, up to a bound or down to a floor of what is available, and holds them.

A process of its own (`python -m battery.chaos.faults.agents.memory`). The kernel ends it before anybody else.
"""

import mmap
import time
from collections.abc import Callable
from pathlib import Path

from battery.chaos.faults.agents.lifeline import say, take_order
from battery.chaos.faults.memory_room import available

_CHUNK = 16 * 1024 * 1024
_PAGE = mmap.PAGESIZE
_LOOK_SECONDS = 0.2


def main() -> None:
    """Take the order and fill it."""
    order = take_order()
    offer_to_the_kernel()
    most, floor = int(order.amounts["most"]), int(order.amounts["floor"])
    held: list[mmap.mmap] = []
    while True:
        take(held, most, floor, tell)
        tell(sum(len(piece) for piece in held), filling=False)
        time.sleep(_LOOK_SECONDS)
        give_back(held, floor)


def offer_to_the_kernel(file: Path = Path("/proc/self/oom_score_adj")) -> None:
    """Be the first to be ended when memory runs out; elsewhere than on Linux there is no such offer."""
    if file.exists():
        file.write_text("1000", encoding="ascii")


def tell(touched: int, *, filling: bool = True) -> None:
    """Say how much is held, and whether more is being taken."""
    say("holding", touched=touched, available=available(), filling=float(filling))


def take(
    held: list[mmap.mmap],
    most: int,
    floor: int,
    told: Callable[[int], None],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Touch pages chunk by chunk, while there is room above the floor; `told` hears now and then how much it is."""
    said = clock()
    touched = sum(len(piece) for piece in held)
    while touched < most:
        size = min(_CHUNK, most - touched)
        if available() - size < floor:
            return
        piece = mmap.mmap(-1, size)
        piece[::_PAGE] = b"\x01" * len(range(0, size, _PAGE))
        held.append(piece)
        touched += size
        if time.monotonic() - said >= _LOOK_SECONDS:
            told(touched)
            said = clock()


def give_back(held: list[mmap.mmap], floor: int) -> None:
    """Let go of chunks while what is available lies below the floor: the target may need it."""
    while held and available() < floor:
        held.pop().close()


if __name__ == "__main__":
    main()
