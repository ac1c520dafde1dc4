"""A number that only grows."""

from battery.reference.metrics.exposition import checked_names, header, sample


class Counter:
    """A counter for each combination of label values; without labels it starts at 0."""

    def __init__(self, name: str, description: str, labels: tuple[str, ...] = ()) -> None:
        checked_names(name, labels)
        self.name, self.description, self.labels = name, description, labels
        self._values: dict[tuple[str, ...], float] = {} if labels else {(): 0.0}

    def add(self, *values: str, amount: float = 1.0) -> None:
        """Count `amount` more.

        Raises: ValueError when it is negative or the label values do not fit the labels.
        """
        if amount < 0 or len(values) != len(self.labels):
            raise ValueError(f"{self.name} cannot count {amount} for {values}")
        self._values[values] = self._values.get(values, 0.0) + amount

    def render(self) -> str:
        """Its exposition."""
        lines = (sample(self.name, self.labels, *item) for item in self._values.items())
        return header(self.name, "counter", self.description) + "".join(lines)
