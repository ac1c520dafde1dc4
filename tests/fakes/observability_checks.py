"""G6's checks as the battery runs them: planned, run in a run folder, with a world where they need one."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from battery.chaos.scenarios.world import World
from battery.definitions.battery_toml import check_definition
from battery.judging import judge
from battery.model.definition import Definition, Intensity
from battery.model.event import AnyEvent
from battery.model.verdict import RuleVerdict
from battery.runner.collection import collect_checks
from battery.runner.session import run_checks
from battery.store import RunFolder
from tests.fakes.checks import PROFILES, Ran
from tests.fakes.plans import NOW, SHIPPED, a_plan


def run_g6(
    folder: Path, definition: Definition, *ids: str, intensity: Intensity = "smoke", **plan: Any
) -> Ran:
    """Some checks of the battery against a target; what the definition gives a command for is started."""
    check_definition(definition, "battery.toml")
    folder.mkdir(parents=True, exist_ok=True)
    checks = tuple(check for check in collect_checks([], PROFILES) if check.id in ids)
    assert {check.id for check in checks} == set(ids), "no such check"
    planned = a_plan(
        definition=definition,
        checks=checks,
        folder=str(folder),
        gates=SHIPPED.gates,
        intensity=intensity,
        **plan,
    )
    run = RunFolder.create(folder / "artifacts", planned)
    events: list[AnyEvent] = []
    with World(definition, folder, folder / "state", lambda _: None) as world:
        world.start_target()
        evidence = run_checks(planned, run, [], events.append, time.monotonic(), world)
    return Ran(planned, run, {item.check: item for item in evidence}, events)


def measures(ran: Ran, check: str) -> dict[str, float]:
    """What a check measured, by the last words of the names."""
    names = (each for each in ran.evidence[check].measures)
    return {each.name.removeprefix("observability."): each.value for each in names}


def note(ran: Ran, check: str, measure: str) -> str:
    """The note of a measure."""
    found = (each for each in ran.evidence[check].measures if each.name == f"observability.{measure}")
    return next(found).note


def errors(ran: Ran, check: str) -> Sequence[str]:
    """The defects that a check names in facts."""
    return [text for name, text in ran.evidence[check].facts.items() if name.startswith("error ")]


def verdicts(ran: Ran) -> dict[str, RuleVerdict]:
    """G6's rules as they are judged, by id."""
    judgement = judge(ran.plan, ran.folder.digest(), ran.evidence.values(), NOW)
    gate = next(found for found in judgement.gates if found.gate == "G6")
    return {rule.rule: rule for rule in gate.rules}
