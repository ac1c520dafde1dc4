"""One number of a metric."""

from typing import NamedTuple


class Sample(NamedTuple):
    """A series and its value; a float among the label values is the bound of a bucket, and each format spells it."""

    name: str
    labels: tuple[str, ...]
    values: tuple[str | float, ...]
    number: float
