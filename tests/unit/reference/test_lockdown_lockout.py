"""The lockout of a source that guesses."""

from battery.reference.access.lockout import MOST_SOURCES, Lockout


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The moment."""
        return self.now


def test_a_row_of_failures_locks_the_source_out_and_it_ends_by_itself() -> None:
    clock = Clock()
    lockout = Lockout(5.0, threshold=3, clock=clock)
    assert [lockout.failed("a") for _ in range(3)] == [False, False, True]
    assert (lockout.left("a"), lockout.left("b"), lockout.begun) == (5.0, 0.0, 1)
    clock.now = 5.0
    assert lockout.left("a") == 0.0
    assert [lockout.failed("a") for _ in range(3)] == [False, False, True]


def test_failures_far_apart_are_no_row() -> None:
    clock = Clock()
    lockout = Lockout(5.0, threshold=2, window=10.0, clock=clock)
    assert lockout.failed("a") is False
    clock.now = 10.0
    assert lockout.failed("a") is False
    clock.now = 19.9
    assert lockout.failed("a") is True


def test_many_addresses_do_not_fill_the_memory() -> None:
    lockout = Lockout(5.0, threshold=2, clock=Clock())
    lockout.failed("first")
    for number in range(MOST_SOURCES):
        lockout.failed(str(number))
    assert lockout.failed("first") is False
