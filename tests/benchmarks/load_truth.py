"""What is reported against what the scripted server itself did: known latencies, a stall, a hang."""

from battery.statistics import quantile
from tests.integration.load.driving import Drive, at_rate, drive, job, serving

QUANTILES = (0.5, 0.9, 0.99, 0.999)
RATE, SECONDS, TURNS = 1000.0, 4.0, 3
SERVER = "tests.fakes.scripted_server"


def main() -> None:
    """Print the three tables."""
    print(
        f"\nknown latencies at {RATE:g}/s: reported service time / the server's own, in ms (best of {TURNS})"
    )
    print(f"  {'script':<12}" + "".join(f"{f'p{q * 100:g}':>19}" for q in QUANTILES) + f"{'worst':>12}")
    for script in ("fixed", "bimodal", "log-normal"):
        worst, pairs = min(_known(script) for _ in range(TURNS))
        cells = "".join(f"{f'{shown:.3f} / {true:.3f}':>19}" for shown, true in pairs)
        print(f"  {script:<12}{cells}{worst:>9.3f} ms  {'' if _within(pairs) else 'beyond 1 % and 0.1 ms'}")
    _stall()
    _hang()


def _known(script: str) -> tuple[float, list[tuple[float, float]]]:
    with serving(SERVER, script) as server:
        found = drive(job(server.port, at_rate(RATE, SECONDS)))
        took = sorted(server.truth()["took"])
    if found.tally.ledger().ok != len(took):
        raise SystemExit(f"{script}: {found.tally.ledger()} against {len(took)} answers")
    pairs = [(found.service(q), (quantile(took, q).value or 0.0) / 1e6) for q in QUANTILES]
    return max(abs(shown - true) for shown, true in pairs), pairs


def _within(pairs: list[tuple[float, float]]) -> bool:
    return all(abs(shown - true) <= max(0.1, true * 0.01) for shown, true in pairs)


def _stall() -> None:
    # few enough that the queue drains at once when the server moves again: what it then takes is its own latency
    rate, seconds, stall = 200.0, 5.0, 1.0
    with serving(SERVER, "none", "--stall-after", "2", "--stall-seconds", str(stall)) as server:
        found = drive(job(server.port, at_rate(rate, seconds)))
        ((begin, end),) = server.truth()["stalls"]
    stood = (end - begin) / 1e6
    expected = [stood * (1 - (1 - q) * seconds * 1000 / stood) for q in (0.9, 0.99, 0.999)]
    print(
        f"\na server that stood still once for {stood:.1f} ms, {seconds:g} s at {rate:g}/s: response time in ms"
    )
    print(f"  {'':<12} {'p90':>9} {'p99':>9} {'p99.9':>9}")
    print(f"  {'reported':<12} " + " ".join(f"{found.response(q):>9.1f}" for q in (0.9, 0.99, 0.999)))
    print(f"  {'expected':<12} " + " ".join(f"{value:>9.1f}" for value in expected))
    print(f"  {'service':<12} " + " ".join(f"{found.service(q):>9.1f}" for q in (0.9, 0.99, 0.999)))


def _hang() -> None:
    with serving(SERVER, "none", "--hang-after", "6") as server:
        found = drive(job(server.port, at_rate(200, 10.0), deadline=4.0))
        hung = server.truth()["unanswered"]
    print("\na server that hangs for the last 4 s of 10 s at 200/s, deadline 4 s")
    print(_hang_row(found, hung))


def _hang_row(found: Drive, hung: int) -> str:
    ledger = found.tally.ledger()
    return (
        f"  planned {ledger.planned}, ok {ledger.ok}, failed {ledger.failed} {found.errors}, "
        f"the server left {hung} unanswered; p99 {found.response(0.99):.0f} ms"
    )


if __name__ == "__main__":
    main()
