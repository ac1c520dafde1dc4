"""The tally: every generator's snapshots added up to histograms, a ledger and time slices."""

from collections import Counter
from collections.abc import Callable

from battery.load.histogram import LatencyHistogram, quantile_of_counts
from battery.load.snapshot import Snapshot
from battery.model.frozen import Frozen

_MOST_OPEN_SECONDS = 5


class Ledger(Frozen, frozen=True, kw_only=True):
    """What became of every planned request: planned = sent + dropped, sent = ok + failed; unfinished ones failed.

    `retried` of the sent ones were sent twice, because an idle connection had just been closed; they count once.
    """

    planned: int = 0
    sent: int = 0
    dropped: int = 0
    ok: int = 0
    failed: int = 0
    unfinished: int = 0
    retried: int = 0

    def imbalance(self) -> str:
        """Where the ledger does not add up; empty when it does."""
        if self.planned != self.sent + self.dropped:
            return f"planned {self.planned} != sent {self.sent} + dropped {self.dropped}"
        if self.sent != self.ok + self.failed:
            return f"sent {self.sent} != ok {self.ok} + failed {self.failed}"
        return ""


class Slice(Frozen, frozen=True, kw_only=True):
    """One second of the whole run, for plots and trends; `p10` is 0 where it is not known."""

    second: int
    stage: int
    sent: int
    ok: int
    failed: int
    p50: float
    p99: float
    worst: float
    lag_p99: float
    in_flight: int
    waiting: int
    cpu: float
    p10: float = 0.0


class Cell:
    """One endpoint in one stage, all generators together."""

    def __init__(self) -> None:
        self.response = LatencyHistogram()
        self.service = LatencyHistogram()
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()


class Tally:
    """Adds snapshots up; hands each whole second on and forgets it, so that memory stays flat in a soak.

    A second is handed on when every generator has told it, or when one lags behind the others by more than a few:
    what that one tells later still counts in the totals.
    """

    def __init__(self, workers: tuple[str, ...], on_slice: Callable[[Slice], None]) -> None:
        self.workers = workers
        self.cells: dict[tuple[int, int], Cell] = {}
        self.lag = LatencyHistogram()
        self.lag_sources: set[str] = set()
        self.finished: set[str] = set()
        self.stopped: set[str] = set()
        self.lost: dict[str, str] = {}
        self.shortages: Counter[str] = Counter()
        self.busiest = dict.fromkeys(workers, 0.0)
        self.rss = dict.fromkeys(workers, 0)
        self.dropped = dict.fromkeys(workers, 0)
        self.unfinished = dict.fromkeys(workers, 0)
        self.by_worker: dict[str, Counter[str]] = {worker: Counter() for worker in workers}
        self._reached = dict.fromkeys(workers, -1)
        self._busy = dict.fromkeys(workers, 0.0)
        self._seconds = dict.fromkeys(workers, 0)
        self._handed_on = -1
        self._open: dict[int, list[Snapshot]] = {}
        self._on_slice = on_slice

    def add(self, snapshot: Snapshot) -> None:
        """Add one second of one generator."""
        worker = snapshot.worker
        for series in snapshot.series:
            cell = self.cells.setdefault((series.stage, series.endpoint), Cell())
            cell.response.add(series.response)
            cell.service.add(series.service)
            counts = {
                "planned": series.planned,
                "sent": series.sent,
                "ok": series.ok,
                "failed": series.failed,
                "retried": series.retried,
            }
            cell.counts.update(counts)
            cell.errors.update(series.errors)
            self.by_worker[worker].update(counts)
        self.lag.add(snapshot.lag)
        self.lag_sources.add(snapshot.lag_source)
        self.rss[worker] = snapshot.rss
        self.dropped[worker] += snapshot.dropped
        self.unfinished[worker] += snapshot.unfinished
        self.shortages.update(snapshot.shortages)
        if snapshot.stopped:
            self.stopped.add(worker)
        if snapshot.last:
            self.finished.add(worker)
        else:
            # The last snapshot covers the grace, in which nothing is sent.
            self.busiest[worker] = max(self.busiest[worker], snapshot.cpu)
            self._busy[worker] += snapshot.cpu + snapshot.starved
            self._seconds[worker] += 1
        self._reached[worker] = snapshot.second
        if snapshot.second > self._handed_on:
            self._open.setdefault(snapshot.second, []).append(snapshot)
        self._hand_on(self._complete_up_to())

    def join(self, worker: str, counts: Counter[str], busiest: float, demand: float) -> None:
        """Add what a generator of an earlier sitting did; it has finished."""
        self.workers = (*self.workers, worker)
        self.finished.add(worker)
        self.by_worker[worker] = counts
        self.busiest[worker] = busiest
        self._busy[worker], self._seconds[worker] = demand, 1
        self._reached[worker] = -1

    def close(self) -> None:
        """Hand on what is left: seconds that a lost worker never told about."""
        self._hand_on(max(self._open, default=-1))

    def demand(self, worker: str) -> float:
        """The share of a core that a generator had or waited for, on average while it sent."""
        return self._busy[worker] / max(self._seconds[worker], 1)

    def ledger(self, worker: str = "") -> Ledger:
        """The ledger of one generator, or of all."""
        chosen = [worker] if worker else list(self.workers)
        total: Counter[str] = Counter()
        for name in chosen:
            total.update(self.by_worker[name])
        return Ledger(
            planned=total["planned"],
            sent=total["sent"],
            dropped=sum(self.dropped[name] for name in chosen),
            ok=total["ok"],
            failed=total["failed"],
            unfinished=sum(self.unfinished[name] for name in chosen),
            retried=total["retried"],
        )

    def _complete_up_to(self) -> int:
        """The last second of which nothing more is waited for."""
        furthest = max(self._reached.values())
        expected = [self._reached[worker] for worker in self.workers if worker not in self.finished]
        return max(min(expected, default=furthest), furthest - _MOST_OPEN_SECONDS)

    def _hand_on(self, last: int) -> None:
        for second in sorted(number for number in self._open if number <= last):
            self._handed_on = second
            self._on_slice(_slice(second, self._open.pop(second)))


def _slice(second: int, snapshots: list[Snapshot]) -> Slice:
    response: Counter[int] = Counter()
    lag: Counter[int] = Counter()
    counts: Counter[str] = Counter()
    for snapshot in snapshots:
        lag.update(snapshot.lag)
        for series in snapshot.series:
            response.update(series.response)
            counts.update({"sent": series.sent, "ok": series.ok, "failed": series.failed})
    return Slice(
        second=second,
        stage=max(snapshot.stage for snapshot in snapshots),
        sent=counts["sent"],
        ok=counts["ok"],
        failed=counts["failed"],
        p50=quantile_of_counts(response, 0.5),
        p99=quantile_of_counts(response, 0.99),
        worst=max(response, default=0) / 1000,
        lag_p99=quantile_of_counts(lag, 0.99),
        in_flight=sum(snapshot.in_flight for snapshot in snapshots),
        waiting=sum(snapshot.waiting for snapshot in snapshots),
        cpu=max(snapshot.cpu for snapshot in snapshots),
        p10=quantile_of_counts(response, 0.1),
    )
