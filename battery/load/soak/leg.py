"""The leg: what one sitting of a profile measured, as its checkpoint keeps it, so that the next sitting goes on from there."""

from collections import Counter
from datetime import datetime

from battery.load.histogram import LatencyHistogram
from battery.load.tally import Cell, Tally
from battery.model.frozen import Frozen


class LegCell(Frozen, frozen=True, kw_only=True):
    """One endpoint in one stage; histograms in their own base64."""

    stage: int
    endpoint: int
    counts: dict[str, int]
    errors: dict[str, int]
    response: str
    service: str


class LegWorker(Frozen, frozen=True, kw_only=True):
    """One generator's own figures."""

    counts: dict[str, int]
    dropped: int
    unfinished: int
    busiest: float
    demand: float
    rss: int


class Leg(Frozen, frozen=True, kw_only=True):
    """One sitting: when it began and was last told, its seconds since the first sitting began, and its tally.

    `cut_off` requests had no outcome yet when it was told; should the sitting die here, nobody will know theirs, and
    they are counted nowhere else. `spool` is the digest of the seconds on disk up to here.
    """

    began: datetime
    told: datetime
    first: int
    last: int
    counted: float
    cells: tuple[LegCell, ...]
    lag: str
    lag_sources: tuple[str, ...]
    workers: dict[str, LegWorker]
    shortages: dict[str, int]
    lost: dict[str, str]
    cut_off: int
    spool: str


def problem_of(leg: Leg) -> str:
    """Why a leg cannot be believed; empty when its figures agree with each other."""
    for cell in leg.cells:
        counts = (*cell.counts.values(), *cell.errors.values())
        finished = cell.counts.get("ok", 0) + cell.counts.get("failed", 0)
        try:
            latencies = LatencyHistogram.decoded(cell.response.encode()).count
        except Exception as error:  # noqa: BLE001 -- the library raises what its decoders happen to raise
            return f"a histogram cannot be read: {type(error).__name__}"
        if min(counts, default=0) < 0 or latencies != finished:
            return f"{latencies} latencies of {finished} finished requests"
    if not 0 <= leg.counted <= leg.last - leg.first + 1 or leg.told < leg.began:
        return f"{leg.counted:g} seconds counted between {leg.first} and {leg.last}"
    return ""


class Span(Frozen, frozen=True, kw_only=True):
    """When a leg began and was told, and which seconds it covers; `counted` of them are no warm-up."""

    began: datetime
    told: datetime
    first: int
    last: int
    counted: float


def leg_of(tally: Tally, span: Span, spool: str) -> Leg:
    """The tally as it stands, with what is under way left out of the ledger and counted as cut off."""
    return Leg(
        began=span.began,
        told=span.told,
        first=span.first,
        last=span.last,
        counted=span.counted,
        cells=tuple(_kept(place, cell) for place, cell in sorted(tally.cells.items())),
        lag=tally.lag.encoded().decode(),
        lag_sources=tuple(sorted(tally.lag_sources)),
        workers={name: _worker(tally, name) for name in tally.workers},
        shortages=dict(tally.shortages),
        lost=dict(tally.lost),
        cut_off=_under_way(tally),
        spool=spool,
    )


def absorb(tally: Tally, leg: Leg, name: str) -> None:
    """Add an earlier sitting to the tally; its workers are called NAME.w0 and so on."""
    for kept in leg.cells:
        cell = tally.cells.setdefault((kept.stage, kept.endpoint), Cell())
        cell.response.merge(LatencyHistogram.decoded(kept.response.encode()))
        cell.service.merge(LatencyHistogram.decoded(kept.service.encode()))
        cell.counts.update(kept.counts)
        cell.errors.update(kept.errors)
    tally.lag.merge(LatencyHistogram.decoded(leg.lag.encode()))
    tally.lag_sources.update(leg.lag_sources)
    tally.shortages.update(leg.shortages)
    tally.lost.update({f"{name}.{worker}": why for worker, why in leg.lost.items()})
    for worker, figures in leg.workers.items():
        tally.join(f"{name}.{worker}", Counter(figures.counts), figures.busiest, figures.demand)
        tally.dropped[f"{name}.{worker}"] = figures.dropped
        tally.unfinished[f"{name}.{worker}"] = figures.unfinished
        tally.rss[f"{name}.{worker}"] = figures.rss


def _kept(place: tuple[int, int], cell: Cell) -> LegCell:
    return LegCell(
        stage=place[0],
        endpoint=place[1],
        counts=_settled(cell.counts),
        errors=dict(cell.errors),
        response=cell.response.encoded().decode(),
        service=cell.service.encoded().decode(),
    )


def _worker(tally: Tally, name: str) -> LegWorker:
    return LegWorker(
        counts=_settled(tally.by_worker[name], tally.dropped[name]),
        dropped=tally.dropped[name],
        unfinished=tally.unfinished[name],
        busiest=tally.busiest[name],
        demand=tally.demand(name),
        rss=tally.rss[name],
    )


def _settled(counts: Counter[str], dropped: int = 0) -> dict[str, int]:
    """The counts as if what has no outcome yet had never been planned; dropped is an outcome."""
    settled = counts["ok"] + counts["failed"]
    return {**counts, "planned": settled + dropped, "sent": settled}


def _under_way(tally: Tally) -> int:
    ledger = tally.ledger()
    return max(ledger.planned - ledger.ok - ledger.failed - ledger.dropped, 0)
