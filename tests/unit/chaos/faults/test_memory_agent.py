"""The memory agent speaks while it fills."""

import mmap

from battery.chaos.faults.agents.memory import _CHUNK, take


class Slow:
    """A clock that makes every chunk take a second."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_what_is_held_so_far_is_told_while_more_is_taken() -> None:
    held: list[mmap.mmap] = []
    told: list[int] = []
    take(held, 3 * _CHUNK, 0, told.append, clock=Slow())
    assert told == [_CHUNK, 2 * _CHUNK, 3 * _CHUNK]
    assert sum(len(piece) for piece in held) == 3 * _CHUNK
    for piece in held:
        piece.close()


def test_nothing_is_taken_below_the_floor() -> None:
    held: list[mmap.mmap] = []
    take(held, _CHUNK, 2**62, lambda _: None)
    assert held == []
