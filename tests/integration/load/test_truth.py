"""What is reported against what the server itself knows.

The fair comparison: the server's truth runs from reading a request to writing its answer, by its own clock. The
generator's service time runs from writing the request to reading the answer, so it is longer by two trips over
loopback and by the time that each process, though ready, waited for a core. The trips are inside the 0.1 ms that is
allowed; the wait is the machine's, not the instrument's. What it was is known: the send lag is measured on the same
kind of wait, so its quantile is allowed on top. On a quiet machine it is some 0.03 ms; on one that others use, both
may be large at p99.9, so the best of some runs counts: an instrument that is wrong is wrong in all of them, and a
neighbour who takes the cores away for ten seconds is gone in one.
"""

import pytest

from battery.statistics import Ordered, quantile
from tests.integration.load.driving import Drive, at_rate, drive, job, serving

QUANTILES = (0.5, 0.9, 0.99, 0.999)
RUNS = 10


def errors_of(found: Drive, took: Ordered) -> dict[float, tuple[float, float]]:
    """(reported, true) by quantile, in ms, where they differ by more than is allowed."""
    wrong = {}
    for q in QUANTILES:
        true = quantile(took, q).value
        noise = found.tally.lag.quantile(q).value
        assert true is not None
        assert noise is not None
        true /= 1e6
        if abs(found.service(q) - true) > max(0.1, true * 0.01) + noise:
            wrong[q] = (found.service(q), true)
    return wrong


@pytest.mark.parametrize("script", ["fixed", "bimodal", "log-normal"])
def test_reported_latencies_are_the_server_s_own(script: str) -> None:
    wrong: dict[float, tuple[float, float]] = {}
    for _ in range(RUNS):
        with serving("tests.fakes.scripted_server", script) as server:
            found = drive(job(server.port, at_rate(600, 2.0)))
            took = sorted(server.truth()["took"])
        assert len(took) == found.tally.ledger().ok == 1200
        wrong = errors_of(found, took)
        if not wrong:
            return
    pytest.fail(f"{script}: (reported, true) in ms: {wrong}")


def test_a_stall_shows_at_its_full_length_for_all_who_would_have_come() -> None:
    """While the server stood still for d seconds, arrivals at an even rate would have waited 0..d, evenly."""
    rate, seconds, stall = 500.0, 2.5, 0.5
    worst = ""
    for _ in range(RUNS):
        options = ("--stall-after", "1.2", "--stall-seconds", str(stall))
        with serving("tests.fakes.scripted_server", "none", *options) as server:
            found = drive(job(server.port, at_rate(rate, seconds)))
            (begin, end), *more = server.truth()["stalls"]
        assert not more
        assert found.tally.ledger().ok == rate * seconds
        stood = (end - begin) / 1e6
        share = stood / 1000 / seconds
        expected = {q: stood * (1 - (1 - q) / share) for q in (0.9, 0.99)}
        noise = found.tally.lag.quantile(0.99).value or 0.0
        # one arrival more or less in the stall moves a quantile by their distance; the queue drains in a few ms
        allowed = 1000 / rate + 10 + noise
        worst = f"{[(found.response(q), true) for q, true in expected.items()]}"
        # Hiding any of the stall is the instrument's fault; on a crowded machine the server stands still for more
        # than it knows of, which only adds.
        if all(
            true * 0.99 - allowed <= found.response(q) <= true * 1.25 + allowed
            for q, true in expected.items()
        ):
            return
    pytest.fail(f"(reported, expected) in ms: {worst}")


def test_a_server_that_hangs_for_the_last_part_of_the_run_is_seen_to_hang() -> None:
    """The contract's 4 s of 10 s, at a quarter of the time."""
    with serving("tests.fakes.scripted_server", "none", "--hang-after", "1.5") as server:
        found = drive(job(server.port, at_rate(200, 2.5), deadline=1.0))
        hung = server.truth()["unanswered"]
    ledger = found.tally.ledger()
    assert ledger.planned == 500
    assert ledger.failed >= hung > 150
    assert set(found.errors) == {"timeout"}
    assert found.response(0.99) >= 1000
    assert all(proof.ok for name, proof in found.proofs().items() if "ledger" in name or "worker" in name)
