"""Open loop from one generator process against nginx: does it keep its schedule, and what does it report?"""

from tests.benchmarks.load_nginx import nginx
from tests.integration.load.driving import Drive, at_rate, drive, endpoint, job

RATES = (1_000, 6_310, 10_000, 20_000)
SECONDS, TURNS = 3.0, 3


def main() -> None:
    """Print the table: of each rate the run with the least lag, as another process on the machine is no fault of ours."""
    runs: dict[int, list[Drive]] = {rate: [] for rate in RATES}
    with nginx() as target:
        for _ in range(TURNS):
            for rate in RATES:
                wanted = (endpoint(body_contains=b"hello"),)
                found = drive(job(target.port, at_rate(rate, SECONDS), endpoints=wanted))
                ledger = found.tally.ledger()
                if found.code or ledger.failed or ledger.imbalance() or not ledger.sent:
                    raise SystemExit(f"{rate}/s: {found.complaint} {ledger} {found.errors}")
                runs[rate].append(found)
    print(f"\nopen loop, even arrivals, one generator process (best of {TURNS} runs of {SECONDS:g} s)")
    print(
        f"  {'arrivals/s':>10} {'lag p50':>9} {'lag p99':>9} {'p50':>9} {'p99':>9} {'achieved':>9} {'dropped':>8} {'CPU':>5}"
    )
    for rate, tried in runs.items():
        print(_row(rate, min(tried, key=lambda run: run.tally.lag.quantile(0.99).value or 0.0)))


def _row(rate: int, best: Drive) -> str:
    ledger = best.tally.ledger()
    lag = [best.tally.lag.quantile(q).value or 0.0 for q in (0.5, 0.99)]
    times = " ".join(f"{value:>6.3f} ms" for value in (*lag, best.response(0.5), best.response(0.99)))
    achieved = ledger.sent / ledger.planned
    return f"  {rate:>10,} {times} {achieved:>9.2%} {ledger.dropped:>8} {best.tally.busiest['w0']:>5.0%}"


if __name__ == "__main__":
    main()
