"""Health: live, ready and status mean what they say, at rest, under load, and with a dependency cut."""

import os
import secrets
from collections.abc import Callable

import httpx
import msgspec
import pytest

from battery.chaos.scenarios.dependency import not_proxied
from battery.chaos.scenarios.world import World
from battery.checks.dependency_cut import DependencyCut
from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.target import Dependency, Target
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.health.answer import HealthAnswer, ask
from battery.readiness.observability.health.outage import Outage, outage_flaws, watch_outage
from battery.readiness.observability.health.semantics import health_flaws
from battery.readiness.observability.health.strain import strain
from battery.readiness.observability.report import record_flaws
from battery.readiness.observability.sending import Sender, harmless
from battery.recording import Record

Earlier = Callable[[str], Evidence | None]
pytestmark = [pytest.mark.gate("G6"), pytest.mark.instrument("readiness")]
_LOOKS = {"smoke": 30, "standard": 100, "full": 300}
_POKE_SECONDS = 2.0
_FAULT_SECONDS = 120.0  # the cut ends by itself after this long, whatever becomes of the battery


@pytest.mark.measures("observability.health.defects", "observability.health.latency")
@pytest.mark.limit("5 min")
def check_answers(
    http: httpx.Client, plan: Plan, target: Definition, record: Record, earlier: Earlier
) -> None:
    """Live, ready and status answer, HEAD as well, and a random path does not."""
    require_answering_target(target, earlier)
    paths = _paths(target.target)
    answers: list[HealthAnswer] = []

    def look(method: str, path: str) -> HealthAnswer:
        answers.append(ask(http, path, method))
        return answers[-1]

    flaws = tuple(health_flaws(look, paths, secrets.token_hex(8)))
    told = ", ".join(f"{role} {path}" for role, path in paths.items())
    record_flaws(record, "observability.health.defects", flaws, looked=len(answers), at=told)
    record.blob("answers", msgspec.json.encode(answers), "application/json")
    sender, endpoints = Sender(http, os.environ), harmless(target)
    record.progress(0.5, "live and ready under load")
    busy = strain(
        lambda path: ask(http, path),
        (paths["live"], paths["ready"]),
        lambda turn: sender.send(endpoints[turn % len(endpoints)]),
        looks=_LOOKS[plan.intensity],
    )
    words = f"the slowest was {busy.slowest.path}, {busy.slowest.words} after {busy.slowest.milliseconds:.0f} ms, beside {busy.load} requests"
    record.measure("observability.health.latency", busy.latency, n=len(busy.answers), note=words)
    record.fact("health under load", words)


@pytest.mark.measures("observability.ready.defects")
@pytest.mark.limit("15 min")
@pytest.mark.order("late")  # it cuts what the target depends on
def check_dependency(
    http: httpx.Client, world: World, target: Definition, record: Record, earlier: Earlier
) -> None:
    """With a dependency cut, ready says no and live says yes; both recover."""
    require_answering_target(target, earlier)
    paths = _paths(target.target)
    flaws: list[Flaw] = []
    outages: list[Outage] = []
    for declared in _needed(world):
        record.progress(len(outages) / len(target.dependency), f"{declared.name}: cut")
        outage = _outage(http, world, declared, (paths["live"], paths["ready"]), record)
        if not outage.calm and flaws:
            break  # the one before did not recover: that is found, and nothing more can be
        if not outage.calm:
            last = outage.looks[-1]
            pytest.skip(
                f"live says {last.live} and ready {last.ready} before {declared.name} is cut: nothing can be proven"
            )
        outages.append(outage)
        flaws += outage_flaws(outage)
        record.fact(f"{declared.name} cut", _words(outage))
    names = ", ".join(outage.dependency for outage in outages)
    record_flaws(record, "observability.ready.defects", flaws, looked=len(outages), at=names)
    record.blob("looks", msgspec.json.encode(outages), "application/json")


def _paths(target: Target) -> dict[str, str]:
    """The health paths by role; the check is skipped where battery.toml lacks one."""
    named = {"live": target.live, "ready": target.ready, "status": target.status}
    if missing := [role for role, path in named.items() if not path]:
        pytest.skip(
            f"battery.toml names no {' and no '.join(missing)} path: add [target] {', '.join(missing)}; "
            "where ready tells the whole, status may name it too"
        )
    return {role: path for role, path in named.items() if path}


def _needed(world: World) -> list[Dependency]:
    """Those without which the service cannot serve; the check is skipped where that cannot be told or tried."""
    reachable = [each for each in world.definition.dependency if each.upstream]
    wanted = world.definition.observability.ready_needs
    chosen = [each for each in reachable if each.name in wanted] if wanted else reachable
    if not chosen:
        pytest.skip(
            "battery.toml names no [[dependency]] with an upstream; where there is none, "
            'say so: [observability.not_applicable] dependency = "why"'
        )
    if len(chosen) > 1 and not wanted:
        names = ", ".join(each.name for each in chosen)
        pytest.skip(
            f"there is more than one dependency ({names}): name those that ready must fail without as [observability] ready_needs"
        )
    for each in chosen:
        if why := not_proxied(world, each):
            pytest.skip(why)
    return chosen


def _outage(
    http: httpx.Client, world: World, declared: Dependency, paths: tuple[str, str], record: Record
) -> Outage:
    """One dependency cut and mended, promised to the undo stack before, and proven to have been cut."""
    sender, endpoint = Sender(http, os.environ), world.endpoint(declared.endpoint)
    way = DependencyCut(world, declared, record, limit=_FAULT_SECONDS)

    def health() -> tuple[HealthAnswer, HealthAnswer]:
        if declared.endpoint:
            sender.send(
                endpoint, timeout=_POKE_SECONDS
            )  # who notices an outage only by its work shall notice
        live, ready = (ask(http, path) for path in paths)
        return live, ready

    return watch_outage(declared.name, health, way.cut, way.mend)


def _words(outage: Outage) -> str:
    no = "never" if outage.said_no_after is None else f"after {outage.said_no_after:.1f} s"
    back = "never" if outage.back_after is None else f"{outage.back_after:.1f} s after it was mended"
    return (
        f"ready said no {no}, live said no {outage.live_failures} times; both said yes again {back} "
        f"({len(outage.looks)} looks)"
    )
