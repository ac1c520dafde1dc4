"""The snapshot: what a generator tells once a second, and its last word."""

from battery.model.frozen import Frozen

ERROR_KINDS = ("refused", "reset", "timeout", "tls", "protocol", "status", "expectation", "exception")
Counts = dict[int, int]


class Series(Frozen, frozen=True, kw_only=True):
    """One endpoint in one stage during this second: the ledger's counts and latencies in µs by value.

    `retried` counts requests that were sent again because their idle connection had just been closed.
    """

    stage: int
    endpoint: int
    planned: int
    sent: int
    ok: int
    failed: int
    errors: dict[str, int]
    response: Counts
    service: Counts
    retried: int = 0


class Snapshot(Frozen, frozen=True, kw_only=True):
    """One second of one generator; the last one covers the grace in which requests in flight may end.

    `cpu` is the share of a core that it had while requests were being sent, `starved` the share of the time in which
    it could have run and another process had the core. `shortages` says what this machine
    lacked, by reason: requests that could not be sent for that are dropped, never failed.
    """

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
    stopped: bool = False
    dropped: int = 0
    unfinished: int = 0
    starved: float = 0.0
    shortages: dict[str, int] = {}
    run: int = 0
