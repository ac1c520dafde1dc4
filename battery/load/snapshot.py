"""The snapshot: what a generator tells once a second, and its last word."""

from battery.model.frozen import Frozen

ERROR_KINDS = ("refused", "reset", "timeout", "tls", "protocol", "status", "expectation")
Counts = dict[int, int]


class Series(Frozen, frozen=True, kw_only=True):
    """One endpoint in one stage during this second: the ledger's counts and latencies in µs by value."""

    stage: int
    endpoint: int
    planned: int
    sent: int
    ok: int
    failed: int
    errors: dict[str, int]
    response: Counts
    service: Counts


class Snapshot(Frozen, frozen=True, kw_only=True):
    """One second of one generator."""

    worker: str
    second: int
    stage: int
    series: tuple[Series, ...]
    lag: Counts
    in_flight: int
    waiting: int
    connections: int
    cpu: float
    rss: int
    lag_source: str
    last: bool = False
    dropped: int = 0
    unfinished: int = 0
