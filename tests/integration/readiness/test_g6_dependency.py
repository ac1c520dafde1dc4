"""The behavioural proof on a real process behind a real Toxiproxy: ready follows its dependency, live does not."""

from pathlib import Path

import pytest

from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, measures, run_g6, verdicts
from tests.integration.readiness.started_shop import started_shop

CHECK, RULE = "health.dependency", "observability.ready.defects"


def look(tmp_path: Path, *lies: str) -> Ran:
    with started_shop(tmp_path, *lies) as definition:
        return run_g6(tmp_path, definition, CHECK)


def test_a_shop_whose_ready_follows_its_dependency_is_proven(tmp_path: Path) -> None:
    ran = look(tmp_path)
    item = ran.evidence[CHECK]
    assert errors(ran, CHECK) == []
    assert [(proof.name, proof.ok) for proof in item.proofs] == [("pong was cut", True)], item.proofs
    assert item.facts["pong cut"].startswith("ready said no after ")
    assert verdicts(ran)[RULE].status == "pass"


@pytest.mark.parametrize(
    ("lie", "says"),
    [
        ("deaf", "ready went on saying yes"),
        ("hypochondriac", "live said no"),
    ],
)
def test_each_lie_about_the_dependency_is_found(tmp_path: Path, lie: str, says: str) -> None:
    ran = look(tmp_path, lie)
    assert says in " ".join(errors(ran, CHECK))
    assert measures(ran, CHECK)["ready.defects"] == 1
    assert verdicts(ran)[RULE].status == "fail"
