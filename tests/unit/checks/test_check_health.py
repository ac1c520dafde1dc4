"""The health checks against a shop that tells the truth, and against shops that lie in one way each."""

from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.observability import Observability
from battery.model.target import Dependency, Endpoint, Target
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, measures, run_g6, verdicts
from tests.fakes.observed_target import shop
from tests.fakes.targets import unused_url

ANSWERS, DEPENDENCY = "health.answers", "health.dependency"


def a_shop(url: str, **given: object) -> Definition:
    target = {"live": "/health/live", "ready": "/health/ready", "status": "/health/status"} | given
    work = Endpoint(name="work", path="/work")
    return Definition(target=Target(url=url, **target), endpoint=(work,))  # type: ignore[arg-type]


def look(tmp_path: Path, *lies: str, **given: object) -> Ran:
    with shop(*lies) as served:
        return run_g6(tmp_path, a_shop(served.url, **given), ANSWERS)


def test_a_shop_that_means_what_it_says_has_no_defect(tmp_path: Path) -> None:
    ran = look(tmp_path)
    assert measures(ran, ANSWERS)["health.defects"] == 0
    assert errors(ran, ANSWERS) == []
    judged = verdicts(ran)
    assert judged["observability.health.defects"].status == "pass"
    assert judged["observability.health.latency"].n == 60
    assert "beside" in ran.evidence[ANSWERS].facts["health under load"]


@pytest.mark.parametrize(
    ("lie", "says"),
    [
        ("catch_all", "a random path answers HTTP 200 as well"),
        ("headless", "HEAD answers HTTP 500 and GET HTTP 200"),
    ],
)
def test_a_lie_is_a_defect_with_its_place(tmp_path: Path, lie: str, says: str) -> None:
    ran = look(tmp_path, lie)
    assert verdicts(ran)["observability.health.defects"].status == "fail"
    assert any("/health/" in text and says in text for text in errors(ran, ANSWERS))


def test_a_status_path_that_answers_404_is_a_defect(tmp_path: Path) -> None:
    ran = look(tmp_path, status="/nowhere")
    assert "status answers HTTP 404" in errors(ran, ANSWERS)[0]


def test_a_path_that_battery_toml_lacks_leaves_it_undecided(tmp_path: Path) -> None:
    ran = look(tmp_path, ready=None, status=None)
    item = ran.evidence[ANSWERS]
    assert item.status == "skipped"
    assert "no ready and no status path: add [target] ready, status" in item.reason
    assert verdicts(ran)["observability.health.defects"].status == "undecided"


def test_without_a_target_nothing_is_measured(tmp_path: Path) -> None:
    ran = run_g6(tmp_path, a_shop(unused_url()), ANSWERS)
    assert ran.evidence[ANSWERS].status == "measured"
    assert verdicts(ran)["observability.health.defects"].status == "fail"


def test_a_target_without_a_dependency_says_how_to_declare_it(tmp_path: Path) -> None:
    with shop() as served:
        ran = run_g6(tmp_path, a_shop(served.url), DEPENDENCY)
    assert '[observability.not_applicable] dependency = "why"' in ran.evidence[DEPENDENCY].reason


def test_with_several_dependencies_the_needed_ones_must_be_named(tmp_path: Path) -> None:
    several = tuple(Dependency(name=name, upstream="127.0.0.1:1") for name in ("db", "cache"))
    with shop() as served:
        both = Definition(target=a_shop(served.url).target, dependency=several)
        ran = run_g6(tmp_path, both, DEPENDENCY)
        named = Definition(
            target=both.target, dependency=several, observability=Observability(ready_needs=("db",))
        )
        other = run_g6(tmp_path / "named", named, DEPENDENCY)
    assert "(db, cache): name those" in ran.evidence[DEPENDENCY].reason
    assert "does not reach db through the battery" in other.evidence[DEPENDENCY].reason
