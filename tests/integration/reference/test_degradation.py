"""Degradation as anybody can see it: a full queue switches off what can be spared, and it returns."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from battery.reference.demo import ReferenceTarget
from tests.integration.reference.waiting import metric, until


@pytest.fixture
def pressed(tmp_path: Path) -> Iterator[httpx.Client]:
    """A service whose queue is full with two jobs, which take so long that nobody misses it."""
    environment = {"REFERENCE_QUEUE_CAPACITY": "2", "REFERENCE_JOB_SECONDS": "3"}
    with (
        ReferenceTarget(tmp_path / "target", environment=environment) as target,
        httpx.Client(base_url=target.url, timeout=60.0) as client,
    ):
        yield client


def _state(client: httpx.Client) -> dict[str, Any]:
    state: dict[str, Any] = client.get("/api/health/status").json()["state"]
    return state


def _degraded(client: httpx.Client) -> bool:
    degraded: bool = client.get("/api/suggestions", params={"item": "tea"}).json()["degraded"]
    return degraded


def _costs(client: httpx.Client) -> dict[str, float]:
    return {part["name"]: part["cost"] for part in _state(client)["components"]}


def test_a_full_queue_spares_suggestions_keeps_orders_and_gives_them_back(pressed: httpx.Client) -> None:
    until(lambda: _costs(pressed).get("queue") == 0)
    while pressed.post("/api/jobs", json={"item": "bolt"}).status_code == 202:
        pass
    until(lambda: _costs(pressed)["queue"] > 20)
    state = _state(pressed)
    assert state["level"] != "full"
    assert state["features"]["suggestions"] == "off"
    assert _degraded(pressed)
    assert metric(pressed, 'feature_spared_total{feature="suggestions"}') >= 1
    assert metric(pressed, 'feature_available{feature="suggestions"}') == 0
    order = {"item": "bolt", "quantity": 1, "unit_price_cents": 2}
    assert pressed.post("/api/orders", json=order).status_code == 201
    until(lambda: _costs(pressed)["queue"] == 0)
    # A machine that is busy with something else holds it down for another reason, which it names.
    until(lambda: _state(pressed)["level"] == "full" or sum(_costs(pressed).values()) > 0)
    state = _state(pressed)
    assert (state["features"]["suggestions"] == "on") is (state["level"] == "full")
    assert metric(pressed, "degradation_changes_total") >= 1
