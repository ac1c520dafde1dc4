"""What went through a proxy before and during a network fault: the fault's own meter."""

from battery.chaos.faults.proxies import Counters
from battery.model.frozen import Frozen


class Traffic(Frozen, frozen=True, kw_only=True):
    """Two readings of a proxy's counters; none where the server does not count."""

    before: Counters | None
    after: Counters | None

    @property
    def connections(self) -> int:
        """Connections accepted in between."""
        return (
            0
            if self.before is None or self.after is None
            else self.after.connections - self.before.connections
        )

    @property
    def received(self) -> int:
        """Bytes received in between."""
        return 0 if self.before is None or self.after is None else self.after.received - self.before.received

    @property
    def touched(self) -> int | None:
        """Connections that met a toxic in between; none where the server does not tell."""
        if (
            self.before is None
            or self.after is None
            or self.before.touched is None
            or self.after.touched is None
        ):
            return None
        return self.after.touched - self.before.touched

    @property
    def seen(self) -> bool:
        """Whether the fault met anybody."""
        touched = self.touched
        return touched > 0 if touched is not None else self.received > 0

    def __str__(self) -> str:
        """The reading in words."""
        if self.before is None or self.after is None:
            return "the proxy server counts nothing"
        touched = "" if self.touched is None else f", {self.touched} connections met the toxic"
        return f"{self.connections} new connections and {self.received} bytes{touched}"
