"""What an order statistic is read from: a sorted list, or a histogram seen as one."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Protocol


class Ordered(Protocol):
    """Values in ascending order, counted and reached by position."""

    def __len__(self) -> int: ...

    def __getitem__(self, position: int, /) -> float: ...


class Counted:
    """A histogram seen as the sorted values it counted, without spelling them out."""

    def __init__(self, pairs: Iterable[tuple[float, int]]) -> None:
        """Takes (value, count) pairs in ascending order of value.

        Raises: ValueError for values that do not ascend or a negative count.
        """
        kept = [(value, count) for value, count in pairs if count]
        if any(count < 0 for _, count in kept):
            raise ValueError("a histogram holds a negative count")
        self._values = [value for value, _ in kept]
        if not all(left < right for left, right in pairwise(self._values)):
            raise ValueError("the values of a histogram do not ascend")
        self._ends = list(accumulate(count for _, count in kept))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, position: int, /) -> float:
        """The value at a position counted from 0.

        Raises: IndexError outside 0..len−1.
        """
        if not 0 <= position < len(self):
            raise IndexError(position)
        return self._values[bisect_right(self._ends, position)]
