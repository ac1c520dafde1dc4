"""A fleet is lent again while it is whole and of the kind that is wanted."""

import time
from pathlib import Path

import psutil
import pytest

from battery.load.dialect import Dialect, Journeys, OwnGenerator
from battery.load.fleet import Fleet
from battery.load.fleets import Fleets
from battery.load.instrument import LoadResult, run_profile
from battery.model.definition import LoadChoice
from tests.fakes.ended import all_end
from tests.integration.load.driving import Server
from tests.integration.load.test_fleet import family, proof, request

CHOICE = LoadChoice(workers=1)


def lent(fleets: Fleets, port: int, dialect: Dialect | None = None) -> tuple[dict[str, int], LoadResult]:
    with fleets.lend(CHOICE, 1, dialect or OwnGenerator(), lambda _: None) as fleet:
        return fleet.pids(), run_profile(fleet, request(port, 0.4), {}, lambda _: None)


def test_the_same_fleet_runs_one_profile_after_the_other_and_is_gone_at_the_end(quick: Server) -> None:
    with Fleets() as fleets:
        (pids, first), (same, second) = (lent(fleets, quick.port) for _ in range(2))
        with fleets.lend(CHOICE, 1, OwnGenerator(), lambda _: None) as fleet:
            processes = family(fleet)
    assert pids == same
    assert first.tally.ledger().ok == second.tally.ledger().ok == 80
    assert all_end(processes, 5)


def test_a_fleet_that_lost_a_worker_is_not_lent_again(quick: Server) -> None:
    with Fleets() as fleets:
        pids, _ = lent(fleets, quick.port)
        worker = psutil.Process(pids["w0"])
        worker.kill()
        assert all_end([worker], 5)
        others, result = lent(fleets, quick.port)
    assert not set(pids.values()) & set(others.values())
    assert proof(result, "every worker finished").ok


def test_a_worker_that_the_master_misses_is_known_before_the_next_profile(quick: Server) -> None:
    with Fleet(1) as fleet:
        (generator,) = [each for each in family(fleet) if "battery.load.control.worker" in each.cmdline()]
        assert fleet.is_whole()
        generator.suspend()  # its process is there still, and says nothing
        try:
            until = time.monotonic() + 60
            while fleet.is_whole() and time.monotonic() < until:
                time.sleep(0.2)
            assert not fleet.is_whole()
        finally:
            generator.resume()


def test_a_fleet_that_a_check_left_by_an_error_is_not_lent_again(quick: Server) -> None:
    left: list[Fleet] = []

    def interrupted(fleets: Fleets) -> None:
        with fleets.lend(CHOICE, 1, OwnGenerator(), lambda _: None) as fleet:
            left.append(fleet)
            raise KeyboardInterrupt

    with Fleets() as fleets:
        with pytest.raises(KeyboardInterrupt):
            interrupted(fleets)
        pids, result = lent(fleets, quick.port)
    assert set(pids.values()).isdisjoint(left[0].pids().values())
    assert result.tally.ledger().ok == 80


def test_another_dialect_has_a_fleet_of_its_own(quick: Server, tmp_path: Path) -> None:
    locustfile = tmp_path / "locustfile.py"
    locustfile.write_text(
        "from locust import HttpUser, task\n\n\nclass Visitor(HttpUser):\n"
        "    @task\n    def visit(self):\n        self.client.get('/')\n"
    )
    with Fleets() as fleets:
        pids, _ = lent(fleets, quick.port)
        journeys = Journeys(str(locustfile), f"http://127.0.0.1:{quick.port}")
        with fleets.lend(CHOICE, 1, journeys, lambda _: None) as fleet:
            others = fleet.pids()
        _, again = lent(fleets, quick.port)
    assert set(pids.values()).isdisjoint(others.values())
    assert again.tally.ledger().ok == 80
