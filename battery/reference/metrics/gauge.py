"""A number that goes up and down."""

from battery.reference.metrics.exposition import checked_names, header, sample


class Gauge:
    """One number without labels."""

    def __init__(self, name: str, description: str) -> None:
        checked_names(name, ())
        self.name, self.description, self.value = name, description, 0.0

    def add(self, amount: float) -> None:
        """Move it by `amount`."""
        self.value += amount

    def render(self) -> str:
        """Its exposition."""
        return header(self.name, "gauge", self.description) + sample(self.name, (), (), self.value)
