"""Logging in."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from battery.reference.access.lockout import THRESHOLD
from tests.fakes.reference_house import ORDER, PASSWORD, House


@pytest.fixture
def house(tmp_path: Path, runner: asyncio.Runner) -> Iterator[House]:
    """A service with callers."""
    house = House(tmp_path / "data", runner)
    yield house
    house.close()


def login(
    house: House, user: str = "uma", password: str = PASSWORD, source: str = "192.0.2.1"
) -> httpx.Response:
    """One attempt."""
    return house.call("POST", "/api/login", json={"user": user, "password": password}, source=source)


def cookie_of(answer: httpx.Response) -> dict[str, str]:
    """The header that a browser sends from then on."""
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def test_the_right_password_opens_a_session(house: House) -> None:
    answer = login(house)
    assert (answer.status_code, answer.json()["name"], answer.json()["role"]) == (200, "uma", "writer")
    assert {"Secure", "HttpOnly", "SameSite=Strict"} <= set(answer.headers["set-cookie"].split("; "))
    cookie = cookie_of(answer)
    assert house.call("POST", "/api/orders", json=ORDER, headers=cookie).status_code == 201
    assert house.call("GET", "/api/admin", headers=cookie).status_code == 403


def test_logging_out_ends_the_session(house: House) -> None:
    cookie = cookie_of(login(house))
    answer = house.call("POST", "/api/logout", headers=cookie)
    assert (answer.status_code, "Max-Age=0" in answer.headers["set-cookie"]) == (204, True)
    assert house.call("POST", "/api/orders", json=ORDER, headers=cookie).status_code == 401
    assert house.call("POST", "/api/logout").status_code == 204
    assert house.events()[-1] == "access.refused"


def test_an_administrator_ends_all_sessions(house: House) -> None:
    cookie = cookie_of(login(house))
    assert house.call("GET", "/api/admin", "ann").json()["sessions"] == 1
    assert house.call("DELETE", "/api/admin/sessions", "ann").json() == {"ended": 1}
    assert house.call("GET", "/api/tenants/north/notes", headers=cookie).status_code == 401
    assert house.events()[-2:] == ["admin.sessions-ended", "access.refused"]


def test_what_is_wrong_is_not_told(house: House) -> None:
    wrong, unknown = login(house, password="wrong-password"), login(house, user="nobody")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"json": {"user": "uma"}}, 422),
        ({"json": []}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"content": b"user=uma"}, 415),
    ],
)
def test_what_is_no_attempt_is_refused_as_such(house: House, options: dict[str, object], status: int) -> None:
    assert house.call("POST", "/api/login", **options).status_code == status  # type: ignore[arg-type]
    assert "login.refused" not in house.events()


def test_a_row_of_failures_locks_the_source_out_even_with_the_right_password(house: House) -> None:
    statuses = [login(house, password=f"guess {number}").status_code for number in range(THRESHOLD)]
    assert statuses == [401] * THRESHOLD
    blocked = login(house)
    assert (blocked.status_code, int(blocked.headers["retry-after"]) >= 1) == (429, True)
    assert login(house, source="192.0.2.2").status_code == 200
    assert house.call("GET", "/api/orders", "will").status_code == 200
    assert house.events().count("lockout.began") == 1


def test_attempts_at_the_same_time_do_not_slip_past_the_lockout(house: House, runner: asyncio.Runner) -> None:
    transport = httpx.ASGITransport(app=house.app, client=("192.0.2.9", 1))
    attempt = {"user": "uma", "password": "a-wrong-one"}

    async def many() -> list[int]:
        async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
            sent = [client.post("/api/login", json=attempt) for _ in range(2 * THRESHOLD)]
            return [answer.status_code for answer in await asyncio.gather(*sent)]

    statuses = runner.run(many())
    # Two look at a password at a time: so many may be under way when the lock falls.
    assert THRESHOLD <= statuses.count(401) <= THRESHOLD + 1
    assert statuses.count(429) == len(statuses) - statuses.count(401)


def test_only_so_many_wait_for_their_turn(house: House, runner: asyncio.Runner) -> None:
    async def many() -> list[int]:
        sent = []
        for number in range(60):
            transport = httpx.ASGITransport(app=house.app, client=(f"198.51.100.{number}", 1))
            client = httpx.AsyncClient(transport=transport, base_url="http://reference")
            sent.append(client.post("/api/login", json={"user": "uma", "password": "a-wrong-one"}))
        return [answer.status_code for answer in await asyncio.gather(*sent)]

    statuses = runner.run(many())
    assert set(statuses) == {401, 503}
    assert statuses.count(401) >= 40


def test_only_known_names_stand_in_the_audit_log(house: House) -> None:
    login(house, password="wrong-password")
    login(house, user="typed-my-password-here")
    text = house.call("GET", "/api/audit", "ann").text
    assert text.count('"event":"login.refused"') == 2
    assert '"actor":"uma"' in text
    assert "typed-my-password-here" not in text
    assert "wrong-password" not in text
