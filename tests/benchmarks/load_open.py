"""Open loop from one generator process against nginx: does it keep its schedule, and what does it report?

Beside each rate stands the lag of a bare timer that does nothing else, taken in turns: what the machine itself is late.
"""

import subprocess
import sys
from typing import NamedTuple

from battery.statistics import quantile
from tests.benchmarks.load_nginx import nginx
from tests.integration.load.driving import Drive, at_rate, drive, endpoint, job

RATES = (1_000, 6_310, 10_000, 20_000)
SECONDS, TURNS = 3.0, 3
_TIMER = """
import sys, time
rate, seconds = float(sys.argv[1]), float(sys.argv[2])
began = time.monotonic_ns()
for arrival in range(int(rate * seconds)):
    due = began + int(arrival / rate * 1e9)
    if (ahead := due - time.monotonic_ns()) > 0:
        time.sleep(ahead / 1e9)
    print(time.monotonic_ns() - due)
"""


class Turn(NamedTuple):
    """One run of the battery, and the lag of the bare timer right after it, in ms."""

    run: Drive
    bare: tuple[float, float]

    def lag(self, q: float) -> float:
        """The battery's own lag in ms."""
        return self.run.tally.lag.quantile(q).value or 0.0


def main() -> None:
    """Print the table: of each rate the run with the least lag, as another process on the machine is no fault of ours."""
    turns: dict[int, list[Turn]] = {rate: [] for rate in RATES}
    with nginx() as target:
        for _ in range(TURNS):
            for rate in RATES:
                turns[rate].append(Turn(_battery(target.port, rate), _bare_timer(rate)))
    print(f"\nopen loop, even arrivals, one generator process (best of {TURNS} runs of {SECONDS:g} s, in ms)")
    head = ("lag p50", "lag p99", "bare p50", "bare p99", "p50", "p99")
    print(
        f"  {'arrivals/s':>10} {' '.join(f'{name:>8}' for name in head)} {'achieved':>9} {'dropped':>8} {'CPU':>5}"
    )
    for rate, tried in turns.items():
        print(_row(rate, tried))


def _battery(port: int, rate: int) -> Drive:
    found = drive(job(port, at_rate(rate, SECONDS), endpoints=(endpoint(body_contains=b"hello"),)))
    ledger = found.tally.ledger()
    if found.code or ledger.failed or ledger.imbalance() or not ledger.sent:
        raise SystemExit(f"{rate}/s: {found.complaint} {ledger} {found.errors}")
    return found


def _bare_timer(rate: int) -> tuple[float, float]:
    command = [sys.executable, "-c", _TIMER, str(rate), str(SECONDS)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    lags = sorted(int(line) / 1e6 for line in done.stdout.split())
    return quantile(lags, 0.5).value or 0.0, quantile(lags, 0.99).value or 0.0


def _row(rate: int, tried: list[Turn]) -> str:
    best = min(tried, key=lambda turn: turn.lag(0.99))
    bare = min((turn.bare for turn in tried), key=lambda lags: lags[1])
    ledger = best.run.tally.ledger()
    values = (best.lag(0.5), best.lag(0.99), *bare, best.run.response(0.5), best.run.response(0.99))
    times = " ".join(f"{value:>8.3f}" for value in values)
    achieved = ledger.sent / ledger.planned
    return f"  {rate:>10,} {times} {achieved:>9.2%} {ledger.dropped:>8} {best.run.tally.busiest['w0']:>5.0%}"


if __name__ == "__main__":
    main()
