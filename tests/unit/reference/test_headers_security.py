"""The defects of answers, and what the healthy service answers instead."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from battery.reference.headers import common_headers
from tests.fakes.reference_house import House

MakeHouse = Callable[..., House]


@pytest.fixture
def house(tmp_path: Path, runner: asyncio.Runner) -> Iterator[MakeHouse]:
    """Makes a service with callers and defects."""
    with ExitStack() as stack:

        def make(*defects: str) -> House:
            return stack.enter_context(
                closing(House(tmp_path / "-".join(("data", *defects)), runner, defects=defects))
            )

        yield make


def test_over_tls_browsers_are_told_to_insist() -> None:
    plain, over_tls = dict(common_headers("r")), dict(common_headers("r", tls=True))
    assert b"strict-transport-security" not in plain
    assert over_tls[b"strict-transport-security"] == b"max-age=31536000; includeSubDomains"


def test_a_header_can_be_missing(house: MakeHouse) -> None:
    assert "x-content-type-options" in house().call("GET", "/version").headers
    assert "x-content-type-options" not in house("missing_header").call("GET", "/version").headers


def test_every_origin_can_be_allowed(house: MakeHouse) -> None:
    assert not [name for name in house().call("GET", "/version").headers if name.startswith("access-control")]
    spoiled = house("cors_wildcard").call("GET", "/version").headers
    assert (spoiled["access-control-allow-origin"], spoiled["access-control-allow-credentials"]) == (
        "*",
        "true",
    )


def test_a_cookie_can_lack_its_flags(house: MakeHouse) -> None:
    assert "set-cookie" not in house().call("GET", "/version").headers
    assert house("cookie_flags").call("GET", "/version").headers["set-cookie"] == "sessionid=visitor; Path=/"


@pytest.mark.parametrize(
    ("defect", "sign", "media_type"),
    [
        ("debug_page", "<title>Starlette Debugger</title>", "text/html; charset=utf-8"),
        ("stack_trace", "Traceback (most recent call last)", "application/problem+json"),
    ],
)
def test_refused_input_can_be_answered_with_too_much(
    house: MakeHouse, defect: str, sign: str, media_type: str
) -> None:
    healthy = house().call("GET", "/api/orders?limit=none")
    assert (healthy.status_code, sign in healthy.text) == (400, False)
    spoiled = house(defect)
    answer = spoiled.call("GET", "/api/orders?limit=none")
    assert (answer.status_code, answer.headers["content-type"], sign in answer.text) == (
        500,
        media_type,
        True,
    )
    assert spoiled.call("GET", "/api/orders").status_code == 200


def test_the_settings_can_be_served(house: MakeHouse) -> None:
    assert house().call("GET", "/.env").status_code == 404
    spoiled = house("exposed_env")
    assert "SECRET_KEY=" in spoiled.call("GET", "/.env").text
    assert spoiled.call("POST", "/.env").status_code == 401


def test_trace_can_be_on(house: MakeHouse) -> None:
    assert house().call("TRACE", "/version").status_code == 405
    answer = house("trace_on").call("TRACE", "/version", headers={"X-Mark": "here"})
    assert (answer.status_code, "x-mark: here" in answer.text.lower()) == (200, True)
    assert house("trace_on", "exposed_env").call("GET", "/version").status_code == 200


def test_tokens_can_stand_in_the_log(house: MakeHouse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "battery.reference")
    house().call("GET", "/version", "will")
    assert not [record for record in caplog.records if "token-of-will" in str(vars(record))]
    house("secret_in_log").call("GET", "/version", "will")
    assert [record for record in caplog.records if "token-of-will" in str(vars(record))]


@pytest.mark.parametrize(
    ("defect", "method", "path", "who", "healthy", "spoiled"),
    [
        ("admin_open", "GET", "/api/admin", "", 401, 200),
        ("wrong_role", "GET", "/api/admin", "rita", 403, 200),
        ("other_tenant", "GET", "/api/tenants/north/notes", "sue", 403, 200),
        ("expired_token", "GET", "/api/admin", "old", 401, 200),
    ],
)
def test_access_can_be_had_by_the_wrong_ones(
    house: MakeHouse, defect: str, method: str, path: str, who: str, healthy: int, spoiled: int
) -> None:
    assert house().call(method, path, who).status_code == healthy
    other = house(defect)
    assert other.call(method, path, who).status_code == spoiled
    assert other.call("POST", "/api/orders", "nobody-has-it").status_code == 401
    assert other.call("GET", "/version").status_code == 200


def test_limits_can_be_missing(house: MakeHouse) -> None:
    unlimited, patient = house("no_rate_limit"), house("no_lockout")
    assert {unlimited.call("GET", "/version").status_code for _ in range(1200)} == {200}
    assert {patient.call("GET", "/version", "guess").status_code for _ in range(30)} == {401}
