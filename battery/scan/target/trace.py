"""The trace: every request in the order it was sent, those that the guard refused included."""

from msgspec import structs

from battery.model.frozen import Frozen


class Exchange(Frozen, frozen=True, kw_only=True):
    """One request and what became of it. Headers are listed by name only: their values may be secrets."""

    number: int
    scanner: str
    method: str
    url: str
    headers: tuple[str, ...]
    outcome: str
    seconds: float
    sent: bool


class Trace:
    """Collects exchanges."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def add(
        self,
        scanner: str,
        method: str,
        url: str,
        headers: tuple[str, ...],
        outcome: str,
        seconds: float,
        sent: bool = True,
    ) -> None:
        """Number and keep one."""
        self.exchanges.append(
            Exchange(
                number=len(self.exchanges) + 1,
                scanner=scanner,
                method=method,
                url=url,
                headers=headers,
                outcome=outcome,
                seconds=round(seconds, 3),
                sent=sent,
            )
        )

    def take(self, other: "Trace") -> None:
        """Add another trace behind this one, numbered on."""
        start = len(self.exchanges)
        self.exchanges += [
            structs.replace(exchange, number=start + number)
            for number, exchange in enumerate(other.exchanges, 1)
        ]
