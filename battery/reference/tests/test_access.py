"""Who may do what: tokens, sessions, tenants, quotas, lockout, and the guardian."""

from collections.abc import Callable

import httpx
import pytest

from battery.reference.access.house import house_of
from battery.reference.access.house_settings import house_settings_in
from battery.reference.access.lockout import THRESHOLD
from battery.reference.app import build_app
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
RULES = {
    "REFERENCE_TOKENS": "r:reader:red:reader-token,w:writer:red:writer-token,a:admin:blue:admin-token,"
    "old:admin:blue:former-token:2020-01-01",
    "REFERENCE_USERS": "anna:writer:red:anna-password,bob:admin:blue:bob-password:2020-01-01",
}
READER, WRITER, ADMIN = ({"authorization": f"Bearer {who}-token"} for who in ("reader", "writer", "admin"))
ORDER = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}


@pytest.fixture
def closed(database: Database, caller: Callable[..., Call]) -> Call:
    """A service that knows some callers."""
    return caller(
        build_app(
            database, house=house_of(house_settings_in({**RULES, "REFERENCE_ANONYMOUS_LIMIT": "1000:1"}))
        )
    )


def test_reading_is_for_everybody_and_writing_for_writers(closed: Call) -> None:
    def place(headers: dict[str, str]) -> httpx.Response:
        return closed("POST", "/api/orders", json=ORDER, headers=headers)

    assert closed("GET", "/api/orders").status_code == 200
    assert [place(who).status_code for who in ({}, READER, WRITER, ADMIN)] == [401, 403, 201, 201]
    assert "Bearer" in place({}).headers["www-authenticate"]
    assert closed("BREW", "/api/orders").status_code == 405


@pytest.mark.parametrize("value", ["Bearer nobody-has-it", "Bearer former-token", "Basic YTpi"])
def test_what_is_no_valid_token_is_refused_even_where_none_is_needed(closed: Call, value: str) -> None:
    assert closed("GET", "/api/orders", headers={"authorization": value}).status_code == 401


def test_administration_is_for_administrators(closed: Call) -> None:
    for path in ("/api/admin", "/api/admin/callers"):
        assert [closed("GET", path, headers=who).status_code for who in ({}, WRITER, ADMIN)] == [
            401,
            403,
            200,
        ]
    names = [one["name"] for one in closed("GET", "/api/admin/callers", headers=ADMIN).json()["callers"]]
    assert names == ["a", "anna", "bob", "old", "r", "w"]
    assert closed("DELETE", "/api/admin/sessions", headers=ADMIN).json() == {"ended": 0}


def test_notes_are_for_their_tenant(closed: Call) -> None:
    notes = "/api/tenants/red/notes"
    assert closed("POST", notes, json={"text": "hello"}, headers=WRITER).json()["author"] == "w"
    assert closed("GET", notes, headers=READER).json()["notes"][0]["text"] == "hello"
    assert closed("GET", notes, headers=ADMIN).status_code == 403
    assert closed("POST", notes, json={"text": ""}, headers=WRITER).status_code == 422


def test_a_login_makes_a_session_that_a_logout_ends(closed: Call) -> None:
    entered = closed("POST", "/api/login", json={"user": "anna", "password": "anna-password"})
    assert entered.json()["role"] == "writer"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    headers = {"cookie": cookie.partition(";")[0]}
    assert closed("POST", "/api/orders", json=ORDER, headers=headers).status_code == 201
    assert closed("POST", "/api/logout", headers=headers).status_code == 204
    assert closed("POST", "/api/orders", json=ORDER, headers=headers).status_code == 401
    for user, password in (("anna", "wrong"), ("nobody", "wrong"), ("bob", "bob-password")):
        assert closed("POST", "/api/login", json={"user": user, "password": password}).status_code == 401


def test_a_source_that_guesses_is_locked_out(closed: Call) -> None:
    wrong = {"authorization": "Bearer nobody-has-it"}
    statuses = [closed("GET", "/api/orders", headers=wrong).status_code for _ in range(THRESHOLD + 1)]
    assert (statuses[0], statuses[-1]) == (401, 429)
    assert closed("POST", "/api/login", json={"user": "anna", "password": "x"}).status_code == 429
    assert closed("GET", "/api/orders", headers=WRITER).status_code == 200


def test_the_anonymous_have_a_quota_and_those_who_are_known_do_not_pay_for_them(
    database: Database, caller: Callable[..., Call]
) -> None:
    call = caller(
        build_app(
            database, house=house_of(house_settings_in({**RULES, "REFERENCE_ANONYMOUS_LIMIT": "2:0.01"}))
        )
    )
    answers = [call("GET", "/api/echo") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 1
    assert call("GET", "/api/echo", headers=READER).status_code == 200
    assert call("GET", "/api/health/live").status_code == 200


def test_a_lockdown_refuses_changes_until_it_is_released(closed: Call) -> None:
    assert closed("POST", "/api/guardian/lockdown", headers=WRITER).status_code == 403
    assert closed("POST", "/api/guardian/lockdown", headers=ADMIN).json()["mode"] == "lockdown"
    refused = closed("POST", "/api/orders", json=ORDER, headers=WRITER)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert closed("GET", "/api/orders").status_code == 200
    assert closed("POST", "/api/guardian/release", headers=ADMIN).json()["mode"] == "normal"
    assert closed("POST", "/api/orders", json=ORDER, headers=WRITER).status_code == 201


def test_one_who_is_isolated_is_refused_and_nobody_else(closed: Call) -> None:
    isolate, release = "/api/guardian/isolate", "/api/guardian/release"
    assert closed("POST", isolate, json={"identity": "w"}, headers=ADMIN).json()["isolated"] == 1
    assert closed("GET", "/api/orders", headers=WRITER).status_code == 403
    assert closed("GET", "/api/orders", headers=READER).status_code == 200
    assert closed("GET", "/api/guardian", headers=ADMIN).json()["who"][0]["name"] == "w"
    assert "who" not in closed("GET", "/api/guardian").json()
    assert closed("POST", release, json={"identity": "w"}, headers=ADMIN).json()["isolated"] == 0
    assert closed("POST", release, json={"identity": "w"}, headers=ADMIN).status_code == 404
    ours = {"source": "127.0.0.1", "seconds": 60}
    assert closed("POST", isolate, json=ours, headers=ADMIN).status_code == 200
    assert closed("GET", "/api/orders").status_code == 403
    assert closed("POST", release, json={}, headers=ADMIN).json()["isolated"] == 0
    for whom in ({}, {"identity": "a"}, {"source": "nowhere"}, {"source": "::1", "identity": "w"}):
        assert closed("POST", isolate, json=whom, headers=ADMIN).status_code == 422
