"""Breakers whose truth is known, under the dependency scenario at the pace of a hurried run."""

from pathlib import Path

from battery.chaos.scenarios.breaker_watch import DEFECTS, TRIALS
from battery.chaos.scenarios.dependency import Dependency
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.world import World
from battery.model.definition import Definition
from battery.model.target import Dependency as Declared
from battery.model.target import Endpoint, Target
from tests.integration.chaos.scenarios.guarded_target import guarded_target
from tests.integration.chaos.toxiproxy.peers import upstream


def findings_of(threshold: int, folder: Path, *, breaker: bool = True, calls: int | None = None) -> Findings:
    """What the scenario finds of a target whose breaker opens after so many failures."""
    findings = Findings()
    with upstream() as prices, guarded_target(threshold) as target:
        declared = Declared(
            name="prices", upstream=prices.address, endpoint="quote", breaker=breaker, breaker_calls=calls
        )
        definition = Definition(
            target=Target(url=target.url, ready="/ready"),
            endpoint=(Endpoint(name="quote", path="/quote"),),
            dependency=(declared,),
        )
        with World(definition, folder, folder / "state", lambda text: None) as world:
            host, _, port = world.lines.to_dependency(declared).address.rpartition(":")
            target.dependency = (host, int(port))
            pace = pace_of("smoke")
            with world.prober() as prober:
                experiment = Experiment(prober, world.undo, pace, lambda text: None)
                (trial,) = Dependency().trials(world, pace, findings, experiment)
    assert trial.effect is not None, trial.problem
    assert trial.effect.seen, trial.proof
    return findings


def test_a_breaker_that_opens_after_fifty_failures_is_seen_open_and_closed(tmp_path: Path) -> None:
    findings = findings_of(50, tmp_path)
    assert findings.counts[DEFECTS][0] == 0, findings.facts
    assert findings.counts[TRIALS][0] <= 2, findings.facts
    assert "closed again" in findings.facts[DEFECTS]


def test_a_target_without_a_breaker_is_found_even_in_a_hurry(tmp_path: Path) -> None:
    findings = findings_of(0, tmp_path, calls=30)
    assert findings.counts[DEFECTS][0] == 1, findings.facts
    assert "never opened" in findings.facts[DEFECTS]
    assert TRIALS not in findings.counts


def test_where_no_breaker_is_declared_none_is_judged(tmp_path: Path) -> None:
    findings = findings_of(0, tmp_path, breaker=False)
    assert findings.counts == {
        DEFECTS: (0, "battery.toml declares no breaker before a dependency"),
        TRIALS: (0, "battery.toml declares no breaker before a dependency"),
    }
