"""Auto-restart and graceful degradation, on a small service."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from battery.model.capabilities import (
    Call,
    DegradationShown,
    RestartShown,
)
from battery.readiness.capabilities.capability import Status
from battery.readiness.capabilities.degradation import DegradationFacts, degradation
from battery.readiness.capabilities.probes.degradation import probe_degradation
from battery.readiness.capabilities.probes.ports import Pressed
from battery.readiness.capabilities.probes.restart import probe_restart
from battery.readiness.capabilities.restart import RestartFacts, restart
from tests.unit.readiness.capabilities.bench import SHORT, Supervisor, bench, details, ready
from tests.unit.readiness.capabilities.service import Service


def restarted(tmp_path: Path, *broken: str, **given: Any) -> RestartFacts:
    with bench(tmp_path, *broken) as on:
        shown = RestartShown(count=details("restarts"), patience=SHORT)
        return probe_restart(on.asker, shown, Supervisor(on.service, **given), ready(on), on.said.append)


def test_a_killed_process_that_comes_back_and_is_counted_is_complete(tmp_path: Path) -> None:
    facts = restarted(tmp_path)
    assert restart(facts).status is Status.COMPLETE, facts
    assert (facts.restarts_before, facts.restarts_after) == (0, 1)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"dead": True}, "back by itself after a kill: did not hold"),
        ({"gone": False}, "back by itself after a kill: unknown"),
        ({"why": "nobody is supervised"}, "back by itself after a kill: unknown"),
    ],
)
def test_a_process_that_stays_away_or_was_not_killed_is_not(
    tmp_path: Path, given: dict[str, Any], reason: str
) -> None:
    row = restart(restarted(tmp_path, **given))
    assert row.status is not Status.COMPLETE
    assert any(text.startswith(reason) for text in row.reasons), row.reasons


def test_restarts_that_nobody_counts_leave_it_partial(tmp_path: Path) -> None:
    row = restart(restarted(tmp_path, "count"))
    assert row.status is Status.PARTIAL
    assert "tells how often it was restarted: did not hold" in row.reasons


class Squeeze:
    """Presses the service's level down for as long as the block lasts."""

    def __init__(self, service: Service, *, level: str = "reduced", seen: bool = True, why: str = "") -> None:
        self._service, self._level, self._seen, self._why = service, level, seen, why

    def obstacle(self) -> str:
        return self._why

    @contextmanager
    def pressed(self) -> Iterator[Callable[[], Pressed]]:
        self._service.level = self._level
        try:
            yield lambda: Pressed(seen=self._seen, detail="squeezed")
        finally:
            if "return" not in self._service.broken:
                self._service.level = "full"


DEGRADATION = DegradationShown(
    level=details("level"), spare=Call(path="/spare"), essential=Call(path="/essential"), patience=SHORT
)


def degraded(tmp_path: Path, *broken: str, **given: Any) -> DegradationFacts:
    with bench(tmp_path, *broken) as on:
        return probe_degradation(on.asker, DEGRADATION, Squeeze(on.service, **given), on.said.append)


def test_a_service_that_spares_keeps_and_returns_is_complete(tmp_path: Path) -> None:
    facts = degraded(tmp_path)
    assert degradation(facts).status is Status.COMPLETE, facts


def test_a_target_that_is_short_of_something_already_says_so(tmp_path: Path) -> None:
    with bench(tmp_path) as on:
        on.service.level = "reduced"
        shown = msgspec.structs.replace(DEGRADATION, rest="full")
        facts = probe_degradation(on.asker, shown, Squeeze(on.service), on.said.append)
    assert facts.level_at_rest == "reduced"
    assert 'its level is "reduced" and not "full" while nothing is done to it' in on.said


@pytest.mark.parametrize(
    ("broken", "given"),
    [
        ("spare", {}),
        ("essential", {}),
        ("return", {}),
        ("", {"level": "full"}),
        ("", {"seen": False}),
        ("", {"why": "the target is elsewhere"}),
    ],
)
def test_whatever_is_missing_of_it_keeps_it_from_being_complete(
    tmp_path: Path, broken: str, given: dict[str, Any]
) -> None:
    facts = degraded(tmp_path, broken, **given)
    assert degradation(facts).status is not Status.COMPLETE, facts
