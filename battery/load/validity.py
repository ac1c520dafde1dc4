"""Validity: whether a load run says anything about the target, and if not, what was wrong with the instrument. Pure."""

from battery.load.tally import Tally
from battery.model.evidence import Proof

LARGEST_LAG_SHARE = 0.05
LEAST_ACHIEVED = 0.99
MOST_CPU = 0.90


def proofs(tally: Tally, model: str, limit_ms: float, lost: dict[str, str]) -> tuple[Proof, ...]:
    """The instrument's proofs; `limit_ms` is the latency limit that a gate will judge by."""
    found = [_workers(tally, lost), _ledger(tally), _cpu(tally, model)]
    if model == "open":
        found += [_achieved(tally), _lag(tally, limit_ms)]
    return tuple(found)


def _workers(tally: Tally, lost: dict[str, str]) -> Proof:
    silent = sorted(set(tally.workers) - tally.finished)
    if lost or silent:
        named = [f"{worker}: {why}" for worker, why in sorted(lost.items())] or [
            f"{w}: never finished" for w in silent
        ]
        return Proof(name="every worker finished", ok=False, detail="lost " + "; ".join(named))
    return Proof(name="every worker finished", ok=True, detail=f"{len(tally.workers)} workers")


def _ledger(tally: Tally) -> Proof:
    for worker in (*tally.workers, ""):
        if problem := tally.ledger(worker).imbalance():
            return Proof(name="the ledger adds up", ok=False, detail=f"{worker or 'in all'}: {problem}")
    ledger = tally.ledger()
    if not ledger.sent:
        return Proof(name="the ledger adds up", ok=False, detail="no request was sent")
    detail = f"planned {ledger.planned}, sent {ledger.sent}, ok {ledger.ok}, failed {ledger.failed}"
    return Proof(name="the ledger adds up", ok=True, detail=detail)


def _cpu(tally: Tally, model: str) -> Proof:
    """A closed loop may use its core fully: it slows down with it and says so by its rate; an open one may not."""
    worker = max(tally.busiest, key=lambda name: tally.busiest[name])
    share = tally.busiest[worker]
    detail = f"at most {share:.0%} of a core ({worker}), allowed {MOST_CPU:.0%}"
    return Proof(
        name="the generator had CPU to spare", ok=share <= MOST_CPU, detail=f"{detail}, {model} model"
    )


def _achieved(tally: Tally) -> Proof:
    ledger = tally.ledger()
    share = ledger.sent / ledger.planned if ledger.planned else 0.0
    detail = f"sent {ledger.sent} of {ledger.planned} planned ({share:.2%}), dropped {ledger.dropped}"
    return Proof(
        name="the planned rate was sent", ok=share >= LEAST_ACHIEVED and not ledger.dropped, detail=detail
    )


def _lag(tally: Tally, limit_ms: float) -> Proof:
    lag = tally.lag.quantile(0.99).value
    allowed = LARGEST_LAG_SHARE * limit_ms
    source = ", ".join(sorted(tally.lag_sources))
    detail = f"send lag p99 {lag or 0.0:.3f} ms ({source}), allowed {allowed:g} ms"
    return Proof(name="requests left on time", ok=lag is not None and lag <= allowed, detail=detail)
