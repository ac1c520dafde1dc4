"""The backup drill on the reference target: what is destroyed comes back equal, and a backup that lies is found."""

import os
from pathlib import Path

import httpx
import msgspec
import pytest

from battery.definitions.destruction import allowing_destruction
from battery.model.definition import Definition
from battery.readiness.capabilities.recorded import recorded_matrix
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import run_g6
from tests.integration.readiness.reference_definition import described

ID = "capabilities.snapshots"


def drill(tmp_path: Path, definition: Definition, backup: str = "") -> tuple[Ran, str, tuple[str, ...]]:
    shown = definition.capabilities.snapshots
    assert shown is not None
    if backup:
        liar = msgspec.structs.replace(shown, backup=("sh", "-c", backup), destroy=shown.destroy[:-2])
        capabilities = msgspec.structs.replace(definition.capabilities, snapshots=liar)
        definition = msgspec.structs.replace(definition, capabilities=capabilities)
    ran = run_g6(tmp_path, allowing_destruction(definition), ID)
    row = recorded_matrix(ran.evidence.values())[-1]
    return ran, row.status.value, row.reasons


def test_what_is_destroyed_comes_back_equal_and_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with described(tmp_path, monkeypatch) as definition:
        ran, status, reasons = drill(tmp_path, definition)
    item = ran.evidence[ID]
    assert (status, reasons) == ("COMPLETE", ()), (reasons, item.facts)
    assert {measure.name for measure in item.measures} == {ID, "backup.rpo", "backup.rto"}
    assert ran.plan.definition.run.allow_destructive
    assert '"restored"' in ran.blob(ID, "restore.log")


def test_a_backup_that_lies_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with described(tmp_path, monkeypatch) as definition:
        ran, status, reasons = drill(tmp_path, definition, "echo everything is safe > {backup}")
    assert status == "PARTIAL", ran.evidence[ID].facts
    assert "the restored content is equal: did not hold" in reasons
    assert "the content may still be destroyed" in ran.evidence[ID].facts["trouble"]


def test_without_the_option_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with described(tmp_path, monkeypatch) as definition:
        ran = run_g6(tmp_path, definition, ID)
    assert "run with --allow-destructive" in ran.evidence[ID].facts["not tried"]
    assert list(tmp_path.rglob("backup")) == []
    assert os.path.getsize(tmp_path / "data" / "orders.sqlite3") > 0  # noqa: PTH202 -- a plain look


def test_another_environment_than_a_scratch_one_is_spared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with described(tmp_path, monkeypatch) as definition:
        target = msgspec.structs.replace(definition.target, environment="production")
        definition = msgspec.structs.replace(definition, target=target)
        ran = run_g6(tmp_path, allowing_destruction(definition), ID)
    assert 'is "production", which names no scratch environment' in ran.evidence[ID].facts["not tried"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(definition.target.url)
