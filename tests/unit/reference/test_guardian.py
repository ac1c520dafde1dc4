"""The guardian: lockdown, isolation, release."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.reference.access.guardian import MOST_ISOLATED, Guardian, Isolated, TooMany
from tests.fakes.reference_house import ORDER, House


@pytest.fixture
def house(tmp_path: Path, runner: asyncio.Runner) -> Iterator[House]:
    """A service with callers."""
    house = House(tmp_path / "data", runner)
    yield house
    house.close()


def test_isolation_ends_by_release_or_by_itself() -> None:
    now = 0.0
    guardian = Guardian(lambda: now)
    guardian.isolate("source", "a", 10.0)
    guardian.isolate("identity", "b", None)
    assert guardian.isolated() == [Isolated("source", "a", 10.0), Isolated("identity", "b")]
    now = 10.0
    assert (guardian.keeps_out("source", "a"), guardian.keeps_out("identity", "b")) == (False, True)
    assert (guardian.release("identity", "b"), guardian.release("identity", "b")) == (True, False)
    assert guardian.keeps_out("identity", "b") is False


def test_only_so_many_are_isolated() -> None:
    guardian = Guardian()
    for number in range(MOST_ISOLATED):
        guardian.isolate("source", str(number), None)
    guardian.isolate("source", "0", 5.0)
    with pytest.raises(TooMany, match="release some first"):
        guardian.isolate("source", "one more", None)
    assert guardian.release_all() == MOST_ISOLATED


def test_a_lockdown_refuses_changes_and_keeps_reads(house: House) -> None:
    assert house.call("POST", "/api/guardian/lockdown", "ann").json()["mode"] == "lockdown"
    refused = house.call("POST", "/api/orders", "ann", json=ORDER)
    assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
    assert house.call("POST", "/api/tenants/north/notes", "will", json={"text": "x"}).status_code == 503
    assert house.call("DELETE", "/api/admin/sessions", "ann").status_code == 503
    assert house.call("GET", "/api/orders").status_code == 200
    assert house.call("GET", "/api/guardian").json() == {"mode": "lockdown", "isolated": 0}
    assert house.call("POST", "/api/guardian/release", "ann").json()["mode"] == "normal"
    assert house.call("POST", "/api/orders", "ann", json=ORDER).status_code == 201
    assert house.events()[1:] == ["guardian.lockdown", "guardian.release", "order.placed"]


def test_an_isolated_source_gets_nothing_but_health(house: House) -> None:
    asked = {"source": "192.0.2.66"}
    assert house.call("POST", "/api/guardian/isolate", "ann", json=asked).json()["isolated"] == 1
    for who in ("", "will"):
        assert house.call("GET", "/api/orders", who, source="192.0.2.66").status_code == 403
    assert house.call("GET", "/api/health/live", source="192.0.2.66").status_code == 200
    assert house.call("GET", "/api/orders", source="192.0.2.67").status_code == 200
    assert house.call("POST", "/api/guardian/release", "ann", json=asked).json()["isolated"] == 0
    assert house.call("GET", "/api/orders", source="192.0.2.66").status_code == 200


def test_an_isolated_identity_is_refused_wherever_it_comes_from(house: House) -> None:
    house.call("POST", "/api/guardian/isolate", "ann", json={"identity": "will", "seconds": 3600})
    assert house.call("GET", "/api/orders", "will", source="192.0.2.9").status_code == 403
    assert house.call("GET", "/api/orders", "rita").status_code == 200
    [who] = house.call("GET", "/api/guardian", "ann").json()["who"]
    assert (who["kind"], who["name"], 0 < who["seconds_left"] <= 3600) == ("identity", "will", True)
    assert "who" not in house.call("GET", "/api/guardian", "will", source="192.0.2.9").json()
    assert "who" not in house.call("GET", "/api/guardian", "rita").json()


def test_an_administrator_cannot_lose_the_way_back(house: House) -> None:
    assert house.call("POST", "/api/guardian/isolate", "ann", json={"identity": "ann"}).status_code == 422
    house.call("POST", "/api/guardian/isolate", "ann", json={"source": "192.0.2.1"})
    house.call("POST", "/api/guardian/lockdown", "ann")
    assert house.call("GET", "/api/orders").status_code == 403
    assert house.call("POST", "/api/guardian/release", "ann", json={}).json() == {
        "mode": "normal",
        "isolated": 0,
        "who": [],
    }


@pytest.mark.parametrize("who", ["", "rita", "will"])
@pytest.mark.parametrize("action", ["lockdown", "isolate", "release"])
def test_nobody_but_an_administrator_moves_the_guardian(house: House, action: str, who: str) -> None:
    assert house.call("POST", f"/api/guardian/{action}", who).status_code == (403 if who else 401)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"source": "1.2.3.4", "identity": "will"},
        {"source": "nowhere"},
        {"identity": "x", "seconds": 0},
        {"who": "x"},
    ],
)
def test_whom_to_isolate_must_be_one(house: House, asked: dict[str, object]) -> None:
    assert house.call("POST", "/api/guardian/isolate", "ann", json=asked).status_code == 422


def test_who_is_not_isolated_cannot_be_released(house: House) -> None:
    assert house.call("POST", "/api/guardian/release", "ann", json={"identity": "x"}).status_code == 404


def test_more_than_can_be_isolated_is_refused(house: House) -> None:
    for number in range(MOST_ISOLATED):
        house.rules.guardian.isolate("identity", str(number), None)
    assert house.call("POST", "/api/guardian/isolate", "ann", json={"identity": "x"}).status_code == 409
