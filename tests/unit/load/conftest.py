"""Snapshots to add up."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

from battery.load.snapshot import Series, Snapshot

Make = Callable[..., Snapshot]

# Making a histogram of nine decades takes milliseconds, and more where other processes have the cores.
unhurried = settings(deadline=None, max_examples=25)


@pytest.fixture
def snapshot() -> Make:
    """Makes one second of one generator in which `ok` requests took 1 ms and `failed` ones 9 ms."""

    def make(worker: str = "w0", second: int = 0, ok: int = 0, failed: int = 0, **other: Any) -> Snapshot:
        latencies = {value: count for value, count in ((1000, ok), (9000, failed)) if count}
        counts: dict[str, Any] = {
            "planned": ok + failed,
            "sent": ok + failed,
            "ok": ok,
            "failed": failed,
            "errors": {"status": failed} if failed else {},
        }
        counts |= {name: other.pop(name) for name in ("planned", "sent", "retried") if name in other}
        series = Series(stage=0, endpoint=0, response=latencies, service=latencies, **counts)
        defaults: dict[str, Any] = {
            "stage": 0,
            "series": (series,) if any((*latencies, counts["planned"])) else (),
            "lag": {20: ok + failed} if ok + failed else {},
            "in_flight": 1,
            "waiting": 2,
            "connections": 3,
            "cpu": 0.2,
            "rss": 5,
            "lag_source": "timerfd on uvloop",
        }
        return Snapshot(worker=worker, second=second, **(defaults | other))

    return make
