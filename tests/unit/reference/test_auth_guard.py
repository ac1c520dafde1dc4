"""Who is let in, to what."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from battery.reference.access.lockout import THRESHOLD
from battery.reference.access.policy import Demand, demanded, spared
from battery.reference.routes.resource import Resource
from tests.fakes.reference_house import ENVIRONMENT, ORDER, House


@pytest.fixture
def house(tmp_path: Path, runner: asyncio.Runner) -> Iterator[House]:
    """A service with callers."""
    house = House(tmp_path / "data", runner)
    yield house
    house.close()


@pytest.mark.parametrize(
    "path", ["/api/orders", "/api/health/status", "/version", "/metrics", "/api/guardian"]
)
def test_anybody_may_read_what_is_public(house: House, path: str) -> None:
    assert house.call("GET", path).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("", 401), ("old", 401), ("nobody-has-it", 401), ("rita", 403), ("will", 201), ("ann", 201)],
)
def test_only_writers_change_anything(house: House, who: str, status: int) -> None:
    assert house.call("POST", "/api/orders", who, json=ORDER).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("old", 401), ("rita", 403), ("will", 403), ("ann", 200)]
)
@pytest.mark.parametrize("path", ["/api/admin", "/api/admin/callers", "/api/audit", "/api/audit/verify"])
def test_only_administrators_administrate(house: House, path: str, who: str, status: int) -> None:
    answer = house.call("GET", path, who)
    assert answer.status_code == status
    assert answer.headers.get("www-authenticate", "") == ('Bearer realm="reference"' if status == 401 else "")


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("sue", 403), ("rita", 200), ("will", 200), ("ann", 200)]
)
def test_notes_are_read_by_their_own_tenant_only(house: House, who: str, status: int) -> None:
    assert house.call("GET", "/api/tenants/north/notes", who).status_code == status
    assert house.call("GET", "/api/tenants/nowhere/notes", who).status_code == (401 if not who else 403)


def test_a_note_is_left_by_a_writer_and_kept_for_the_tenant(house: House) -> None:
    path = "/api/tenants/north/notes"
    assert house.call("POST", path, "rita", json={"text": "x"}).status_code == 403
    assert house.call("POST", path, "will", json={"text": ""}).status_code == 422
    assert house.call("POST", path, "will", json={"text": "x"}).json()["author"] == "will"
    assert house.call("GET", path, "rita").json() == {"notes": [{"number": 1, "author": "will", "text": "x"}]}
    assert house.call("GET", "/api/tenants/south/notes", "sue").json() == {"notes": []}


@pytest.mark.parametrize("scheme", ["Basic", "bearer", "BEARER", ""])
def test_only_bearer_tokens_are_understood(house: House, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} token-of-will-1"}
    expected = 200 if scheme.lower() == "bearer" else 401
    assert house.call("GET", "/api/orders", headers=headers).status_code == expected


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PROPFIND", "BATTERY", "CONNECT"])
@pytest.mark.parametrize("who", ["", "rita", "ann"])
def test_methods_that_nothing_has_are_refused_everywhere(house: House, method: str, who: str) -> None:
    answers = [house.call(method, path, who) for path in ("/api/orders", "/api/health/live", "/nowhere")]
    assert [answer.status_code for answer in answers] == [405, 405, 404]
    assert answers[0].headers["allow"] == "GET, HEAD, POST"


def test_no_resource_may_answer_a_method_that_the_guard_lets_pass() -> None:
    with pytest.raises(ValueError, match="/x: the guard lets TRACE pass"):
        Resource("/x", {"GET": _nothing, "TRACE": _nothing})


async def _nothing(_request: Request) -> Response:
    return Response()


def test_strangers_are_limited_and_others_are_not(tmp_path: Path, runner: asyncio.Runner) -> None:
    house = House(tmp_path / "data", runner, {**ENVIRONMENT, "REFERENCE_ANONYMOUS_LIMIT": "5:0.01"})
    answers = [house.call("GET", "/api/orders") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert house.call("GET", "/api/orders", source="192.0.2.2").status_code == 200
    assert house.call("GET", "/api/orders", "will").status_code == 200
    for path in ("/api/health/live", "/api/health/ready", "/metrics"):
        assert house.call("GET", path).status_code == 200
    assert house.events().count("limit.reached") == 1
    assert house.call("GET", "/api/admin", "ann").json()["requests_over_limit"] == 2
    house.close()


def test_without_callers_everybody_reads_and_writes_and_nobody_administrates(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    house = House(tmp_path / "data", runner, {})
    assert house.call("POST", "/api/orders", json=ORDER).status_code == 201
    assert house.call("GET", "/api/orders", "some-token").status_code == 200
    assert {house.call("GET", "/api/orders").status_code for _ in range(300)} == {200}
    for path in ("/api/admin", "/api/audit", "/api/tenants/north/notes"):
        assert house.call("GET", path).status_code == 401
    assert house.call("GET", "/api/admin", "some-token").status_code == 401
    house.close()


def test_a_source_that_guesses_tokens_is_locked_out_and_holders_are_not(house: House) -> None:
    statuses = [house.call("GET", "/api/orders", "guess").status_code for _ in range(THRESHOLD + 2)]
    assert statuses == [401] * THRESHOLD + [429] * 2
    assert house.call("GET", "/api/orders", "will").status_code == 200
    assert house.call("GET", "/api/orders").status_code == 200
    assert house.call("GET", "/api/orders", "guess", source="192.0.2.2").status_code == 401
    events = house.events()
    assert (events.count("token.refused"), events.count("lockout.began")) == (THRESHOLD + 1, 1)


def test_refusals_stand_in_the_audit_log_without_what_the_client_wrote(house: House) -> None:
    house.call("GET", "/api/admin/secret-of-mine", "will")
    house.call("GET", "/api/tenants/private-name/notes", "will")
    house.call("GET", "/api/orders", "token-that-i-guess")
    text = house.call("GET", "/api/audit", "ann").text
    assert '"place":"/api/admin"' in text
    assert not any(word in text for word in ("secret-of-mine", "private-name", "token-that-i-guess"))


@given(st.text(), st.text())
def test_whatever_is_not_known_as_a_read_needs_a_writer_at_least(method: str, rest: str) -> None:
    demand = demanded(method, f"/api/{rest}")
    assert demand.role is not None or method in ("GET", "HEAD", "OPTIONS") or rest in ("login", "logout")


@given(st.text())
def test_everything_below_the_administration_needs_an_administrator(rest: str) -> None:
    for top in ("/api/admin/", "/api/audit/", "/api/guardian/"):
        assert demanded("GET", top + rest).role == demanded("POST", top + rest).role == "admin"
        assert demanded("GET", top + rest).always


def test_only_what_watches_the_service_is_spared() -> None:
    assert [spared(path) for path in ("/metrics", "/api/health/live", "/api/healthy", "/metrics/x", "/")] == [
        *(True, True),
        *(False, False, False),
    ]
    assert demanded("GET", "/api/orders") == Demand()
