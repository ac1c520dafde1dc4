"""The HTTP/2 generator's snapshot: what any generator tells, and which versions of HTTP were negotiated."""

from battery.load.snapshot import Snapshot
from battery.model.frozen import Frozen


class Http2Snapshot(Frozen, frozen=True, kw_only=True):
    """One second of one process. `versions` counts, since the start, the connections by the version they speak."""

    snapshot: Snapshot
    versions: dict[str, int]
