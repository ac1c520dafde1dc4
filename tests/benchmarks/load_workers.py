"""Two generators against one, as a fleet runs them: does the load that can be sent grow with the cores?"""

import os
import statistics
import time

from battery.load.fleet import Fleet
from battery.load.instrument import LoadRequest, run_profile
from battery.model.definition import Definition
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Endpoint, Expect, Target
from tests.benchmarks.load_nginx import Nginx, nginx

USERS, SECONDS, TURNS = 32, 2, 5


def main() -> None:
    """Print the table."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    started: dict[int, list[float]] = {1: [], 2: []}
    with nginx() as target:
        for _ in range(TURNS):
            for workers in rates:
                began = time.perf_counter()
                with Fleet(workers) as fleet:
                    started[workers].append(time.perf_counter() - began)
                    rates[workers].append(_rate(fleet, target))
    print(
        f"\na fleet's closed loop, {USERS} users, one nginx process, {os.cpu_count()} cores ({TURNS} interleaved runs)"
    )
    print(f"  {'workers':>8} {'requests/s':>12} {'ratio':>7} {'fleet is up in':>15}")
    one = statistics.median(rates[1])
    for workers, found in rates.items():
        median = statistics.median(found)
        up = statistics.median(started[workers])
        print(f"  {workers:>8} {median:>12,.0f} {median / one:>6.2f}x {up:>13.2f} s")
    if (os.cpu_count() or 1) < 4:
        print("  generators and nginx share these cores: with fewer than 4 there is nothing to grow into")


def _rate(fleet: Fleet, target: Nginx) -> float:
    shape = Shape(stages=(Stage(name="users", duration=f"{SECONDS} s", users=USERS),))
    profile = Profile(id="B", title="", why="", model="closed", smoke=shape, standard=shape, full=shape)
    hello = Endpoint(name="a", path="/", expect=Expect(body_contains="hello"))
    definition = Definition(target=Target(url=target.url), endpoint=(hello,))
    request = LoadRequest(
        definition=definition,
        profile=profile,
        intensity="smoke",
        seed=1,
        workers=len(fleet.workers),
        limit_ms=1000,
    )
    result = run_profile(fleet, request, {}, lambda _: None)
    ledger = result.tally.ledger()
    if ledger.failed or ledger.imbalance() or result.tally.lost:
        raise SystemExit(f"{ledger} {result.tally.lost}")
    return ledger.ok / SECONDS


if __name__ == "__main__":
    main()
