"""The mix: which class the next user is of, so that at any number of users the classes stand in their weights. Pure."""

from collections.abc import Sequence


def next_class(weights: Sequence[float], fixed: Sequence[int], counts: Sequence[int]) -> int:
    """The number of the class that lacks a user most; fixed numbers of users come first."""
    for index, wanted in enumerate(fixed):
        if counts[index] < wanted:
            return index
    free = [index for index, wanted in enumerate(fixed) if not wanted] or list(range(len(weights)))
    total = sum(counts[index] for index in free) + 1
    whole = sum(weights[index] for index in free)
    return max(free, key=lambda index: (weights[index] / whole * total - counts[index], weights[index]))
