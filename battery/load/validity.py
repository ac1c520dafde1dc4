"""Validity: whether a load run says anything about the target, and if not, what was wrong with the instrument. Pure."""

from battery.load.limits import Limit
from battery.load.tally import Tally
from battery.model.evidence import Proof

LARGEST_LAG_SHARE = 0.05
LEAST_ACHIEVED = 0.99
MOST_CPU = 0.90


def proofs(tally: Tally, model: str, limit_ms: float, lost: dict[str, str]) -> tuple[Proof, ...]:
    """The instrument's proofs; `limit_ms` is the latency limit that a gate will judge by."""
    found = [_workers(tally, lost), _ledger(tally), _cpu(tally, model), _achieved(tally)]
    if model == "open":
        found.append(_lag(tally, limit_ms))
    return tuple(found)


def _workers(tally: Tally, lost: dict[str, str]) -> Proof:
    gone = dict.fromkeys(set(tally.workers) - tally.finished, "never finished") | lost
    named = [f"{worker}: {why}" for worker, why in sorted(gone.items())]
    if named or not tally.workers:
        detail = "lost " + "; ".join(named) if named else "there was no worker"
        return Proof(name="every worker finished", ok=False, detail=detail)
    return Proof(name="every worker finished", ok=True, detail=f"{len(tally.workers)} workers")


def _ledger(tally: Tally) -> Proof:
    for worker in (*tally.workers, ""):
        if problem := tally.ledger(worker).imbalance():
            return Proof(name="the ledger adds up", ok=False, detail=f"{worker or 'in all'}: {problem}")
    for cell in tally.cells.values():
        finished = cell.counts["ok"] + cell.counts["failed"]
        if cell.response.count != finished:
            detail = f"{cell.response.count} latencies of {finished} finished requests"
            return Proof(name="the ledger adds up", ok=False, detail=detail)
    ledger = tally.ledger()
    if not ledger.sent:
        return Proof(name="the ledger adds up", ok=False, detail="no request was sent")
    detail = f"planned {ledger.planned}, sent {ledger.sent}, ok {ledger.ok}, failed {ledger.failed}"
    if ledger.unfinished:
        detail += f" ({ledger.unfinished} of them unfinished at the end)"
    if ledger.retried:
        detail += f", {ledger.retried} sent again after an idle connection was closed"
    return Proof(name="the ledger adds up", ok=True, detail=detail)


def _cpu(tally: Tally, model: str) -> Proof:
    """The busiest second of the busiest generator; in a closed model also the time it waited for a core.

    An open model shows a generator that waits by its lag. A closed one has no schedule to be late for: its wait would
    look like the target's latency.
    """
    name = "the generator had CPU to spare"
    if not tally.workers:
        return Proof(name=name, ok=False, detail="there was no worker")
    worker = max(tally.workers, key=lambda each: tally.busiest[each])
    detail = (
        f"at most {tally.busiest[worker]:.0%} of a core ({worker}), allowed {MOST_CPU:.0%}, {model} model"
    )
    ok = tally.busiest[worker] <= MOST_CPU
    if model == "closed":
        hungriest = max(tally.workers, key=tally.demand)
        demand = tally.demand(hungriest)
        detail += f"; {demand:.0%} with the time it waited for a core ({hungriest})"
        ok = ok and demand <= MOST_CPU
    return Proof(name=name, ok=ok, detail=detail)


def _achieved(tally: Tally) -> Proof:
    ledger = tally.ledger()
    share = ledger.sent / ledger.planned if ledger.planned else 0.0
    detail = f"sent {ledger.sent} of {ledger.planned} planned ({share:.2%}), dropped {ledger.dropped}"
    if tally.shortages:
        detail += "; this machine had " + ", ".join(
            f"{why} ({n}x)" for why, n in sorted(tally.shortages.items())
        )
    return Proof(
        name="the planned rate was sent", ok=share >= LEAST_ACHIEVED and not ledger.dropped, detail=detail
    )


def _lag(tally: Tally, limit_ms: float) -> Proof:
    lag = tally.lag.quantile(0.99).value
    allowed = LARGEST_LAG_SHARE * limit_ms
    source = ", ".join(sorted(tally.lag_sources))
    detail = f"send lag p99 {lag or 0.0:.3f} ms ({source}), allowed {allowed:g} ms"
    ok = lag is not None and lag <= allowed
    if not ok and lag is not None:
        detail += f", {why_so_strict(limit_ms)}"
    return Proof(name="requests left on time", ok=ok, detail=detail)


def why_so_strict(limit_ms: float) -> str:
    """Where what is allowed comes from, and what to do where it is not held; the end of a proof's detail."""
    whose = f" of {limit_ms.source}" if isinstance(limit_ms, Limit) else " that is judged by"
    return (
        f"which is {LARGEST_LAG_SHARE:.0%} of the {limit_ms:g} ms{whose}: what the instrument adds itself must not decide. "
        "Use a quieter machine or generators on one of their own (battery load --master), a lower rate, or a higher limit"
    )
