"""The chaos items as a plan lists them: their names, titles and measures are what gates and selections refer to."""

import hashlib

import pytest

from battery.chaos.scenarios.catalogue import CATALOGUE
from battery.model.plan import PlannedCheck
from battery.runner.collection import collect_checks
from battery.runner.marks import OWN_CHECKS
from tests.fakes.checks import PROFILES

WRITES = ("chaos.writes.lost", "chaos.writes.stuck")
BESIDE = {
    "dependency": ("chaos.breaker.defects", "chaos.breaker.trials"),
    "database": (*WRITES, "chaos.ready.lies"),
    "restart": ("chaos.restart.dropped", *WRITES),
}


@pytest.fixture(scope="module")
def planned() -> dict[str, PlannedCheck]:
    return {check.id: check for check in collect_checks([], PROFILES) if check.id.startswith("chaos.")}


def test_the_control_comes_first_and_every_scenario_has_its_item_in_the_order_of_the_catalogue(
    planned: dict[str, PlannedCheck],
) -> None:
    assert list(planned) == ["chaos.control", *(f"chaos.{name}" for name in CATALOGUE)]


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_item_has_its_scenarios_title_and_promises_its_measures(
    planned: dict[str, PlannedCheck], name: str
) -> None:
    check = planned[f"chaos.{name}"]
    assert check.title == CATALOGUE[name].title[0].upper() + CATALOGUE[name].title[1:]
    assert check.measures == (f"chaos.{name}.recovery", *BESIDE.get(name, ()))


def test_every_item_is_chaos_for_g4_with_the_digest_of_its_file(planned: dict[str, PlannedCheck]) -> None:
    digest = hashlib.sha256((OWN_CHECKS / "check_chaos.py").read_bytes()).hexdigest()
    assert {(check.gates, check.instrument, check.limit, check.sha256) for check in planned.values()} == {
        (("G4",), "chaos", 900.0, digest)
    }
