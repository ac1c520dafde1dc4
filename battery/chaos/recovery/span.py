"""The span: a time that was measured, or that is only known to be longer than we watched. Pure."""

from battery.model.frozen import Frozen


class Span(Frozen, frozen=True, kw_only=True):
    """Seconds; `censored` says that the end was never seen and the truth is longer. Such a span is never averaged."""

    seconds: float
    censored: bool = False

    def __str__(self) -> str:
        """As people read it: "3.1 s" or "> 60 s"."""
        return f"> {round(self.seconds, 1):g} s" if self.censored else f"{self.seconds:.2f} s"

    @property
    def order(self) -> tuple[bool, float]:
        """By this spans are sorted: what never ended is longer than all that did."""
        return (self.censored, self.seconds)
