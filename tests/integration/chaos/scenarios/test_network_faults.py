"""Every fault of the network scenario is proven on a healthy target, whichever server there is, and nothing is proven where nothing is harmed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.chaos.faults.interface import Effect
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.scenarios.lines import Line
from battery.chaos.scenarios.network import _TOXICS, Network
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.world import World
from battery.chaos.toxiproxy.discovery import PROGRAM
from battery.model.definition import Definition
from battery.model.target import Target
from tests.fakes.targets import Answer, scripted_target
from tests.integration.chaos.scenarios.tls_target import tls_target

BOTH = ["embedded", pytest.param("real", marks=pytest.mark.real(PROGRAM))]
FAULTS = [*(kind for kind, _, _ in _TOXICS), "down"]
_TRIES = 5  # a machine that stands still for a moment hides a delay


@pytest.fixture(params=["http", "https"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A healthy target."""
    if request.param == "https":
        with tls_target(tmp_path) as secured:
            yield secured.url
        assert set(secured.names) == {"localhost"}
        return
    with scripted_target({"/ready": [Answer(body=b"ready" * 20)]}) as target:
        yield target.url


@pytest.fixture(params=BOTH)
def world(
    request: pytest.FixtureRequest, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The world of such a target with either server."""
    if request.param == "embedded":
        found = shutil.which(PROGRAM)
        kept = [
            each
            for each in os.environ["PATH"].split(os.pathsep)
            if not found or Path(found).parent != Path(each)
        ]
        monkeypatch.setenv("PATH", os.pathsep.join(kept))
    definition = Definition(target=Target(url=url, ready="/ready"))
    with World(definition, tmp_path, tmp_path / "state", lambda text: None) as entered:
        assert entered.lines.server.kind == request.param
        yield entered


def proven(world: World, line: Line, index: int) -> Effect:
    """What is seen of one of the scenario's faults, on a proxy that only the canary uses."""
    fault = Network()._faults(world, pace_of("full"), line)[index]()
    number = world.undo.inject(fault)
    try:
        effects = (fault.prove() for _ in range(_TRIES))
        effect = next((each for each in effects if each.seen), None)
        return effect or fault.prove()
    finally:
        world.undo.remove(number)


def test_each_fault_is_proven_though_nobody_but_the_canary_uses_the_proxy(world: World) -> None:
    line = world.lines.to_target(world.place)
    unseen = {}
    for index, name in enumerate(FAULTS):
        effect = proven(world, line, index)
        counted = name == "down" and world.lines.server.kind == "embedded"
        if not effect.seen or ("canary: " not in effect.meter and not counted):
            unseen[name] = effect.meter
    assert unseen == {}


def test_nothing_is_seen_on_a_way_that_nobody_harms(world: World) -> None:
    line = world.lines.to_target(world.place)
    seen = {}
    for index, name in enumerate(FAULTS):
        fault = Network()._faults(world, pace_of("full"), line)[index]()
        assert isinstance(fault, (NetworkToxic, NetworkDown))
        assert fault._canary is not None
        effect = fault._canary()
        if effect.seen:
            seen[name] = effect.meter
    assert seen == {}
