"""latency: each chunk is delayed from its arrival, give or take the jitter; several delays run at once."""

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.stages.holding import Holding


class Latency(Holding):
    """A long wire: it holds much, and nothing overtakes."""

    room = 16 * 1024 * 1024

    def schedule(self, size: int, at: float) -> tuple[int, float]:
        """The whole chunk, so long after it came."""
        jitter = max(0, self.toxic["jitter"])
        delay = self.toxic["latency"] + self.link.random.uniform(-jitter, jitter)
        return size, at + max(0.0, delay / 1000)


KIND = Kind(type="latency", structure="LatencyToxic", attributes=("latency", "jitter"), stage=Latency)
