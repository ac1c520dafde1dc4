"""The reference target shows all its capabilities to the battery, and a battery that looks at nothing sees none."""

import os
from pathlib import Path

import psutil
import pytest

from battery.model.capabilities import CAPABILITIES
from battery.readiness.capabilities.recorded import recorded_matrix
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import run_g6
from tests.integration.readiness.reference_definition import described

# Telemetry stands on the checks of rules and dashboards, health on that of the dependency: here they do not run.
OBSERVED = ("restart", "audit", "guardian", "queue")


def statuses(ran: Ran) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {row.id: (row.status.value, row.reasons) for row in recorded_matrix(ran.evidence.values())}


def test_the_reference_target_shows_what_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"capabilities.{name}" for name in CAPABILITIES]
    with described(tmp_path, monkeypatch) as definition:
        ran = run_g6(tmp_path, definition, *ids)
    for item in ran.evidence.values():
        assert item.status == "measured", item
    told = statuses(ran)
    for name in OBSERVED:
        assert told[name] == ("COMPLETE", ()), (told[name], ran.evidence[f"capabilities.{name}"].facts)
    assert told["health"] == ("PARTIAL", ("ready fails without a dependency: unknown",))
    assert told["telemetry"][0] == "PARTIAL"
    assert told["snapshots"][0] == "MISSING"
    assert "run with --allow-destructive" in told["snapshots"][1][0]
    said = " ".join(text for item in ran.evidence.values() for text in item.facts.values())
    tokens = [
        os.environ[f"REFERENCE_{name}"].removeprefix("Bearer ") for name in ("ADMIN", "WRITER", "READER")
    ]
    assert [token for token in tokens if token in said] == []


def test_it_degrades_when_its_dependency_is_cut_and_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with described(tmp_path, monkeypatch) as definition:
        ran = run_g6(tmp_path, definition, "capabilities.degradation")
    status, reasons = statuses(ran)["degradation"]
    if status != "COMPLETE" and psutil.getloadavg()[0] > 0.7 * (os.cpu_count() or 1):
        pytest.skip(f"its level follows the machine, which is busy: {'; '.join(reasons)}")
    assert (status, reasons) == ("COMPLETE", ())


@pytest.mark.parametrize(
    ("defect", "reason"),
    [
        ("no_rate_limit", "too many requests are limited: did not hold"),
        ("no_lockout", "guessing at credentials is limited: did not hold"),
    ],
)
def test_a_planted_defect_leaves_its_capability_partial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, defect: str, reason: str
) -> None:
    with described(tmp_path, monkeypatch, defect) as definition:
        ran = run_g6(tmp_path, definition, "capabilities.guardian")
    assert statuses(ran)["guardian"] == ("PARTIAL", (reason,))
