"""Planted defects of security, telemetry and the source: each shows in what it says, and only there."""

import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from battery.reference.access.house import house_of
from battery.reference.access.house_settings import house_settings_in
from battery.reference.app import build_app
from battery.reference.defects.degradation_never import StiffLadder
from battery.reference.defects.source_defects import SOURCE_DEFECT_NAMES, UnknownSourceDefect, plant
from battery.reference.lifecycle import Lifecycle
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]
TOKENS = "r:reader:red:reader-token,a:admin:blue:admin-token,old:admin:blue:former-token:2020-01-01"
READER = {"authorization": "Bearer reader-token"}


@pytest.fixture
def spoiled(database: Database, caller: Callable[..., Call]) -> Callable[..., Call]:
    """A service that knows some callers, with a defect."""

    def make(*defects: str) -> Call:
        settings = house_settings_in({"REFERENCE_TOKENS": TOKENS, "REFERENCE_ANONYMOUS_LIMIT": "3:0.01"})
        lifecycle = Lifecycle(restarts=3)
        return caller(build_app(database, None, lifecycle, house=house_of(settings), defects=defects))

    return make


def test_answers_lose_or_gain_headers(spoiled: Callable[..., Call]) -> None:
    assert "x-content-type-options" not in spoiled("missing_header")("GET", "/version").headers
    assert spoiled("cors_wildcard")("GET", "/version").headers["access-control-allow-origin"] == "*"
    assert "sessionid" in spoiled("cookie_flags")("GET", "/version").headers["set-cookie"]


@pytest.mark.parametrize(("defect", "sign"), [("debug_page", "<html"), ("stack_trace", "Traceback")])
def test_refused_input_shows_the_inside(spoiled: Callable[..., Call], defect: str, sign: str) -> None:
    answer = spoiled(defect)("GET", "/api/orders?limit=x", headers=READER)
    assert (answer.status_code, sign in answer.text) == (500, True)
    assert spoiled(defect)("GET", "/api/orders", headers=READER).status_code == 200


def test_settings_and_trace_are_served(spoiled: Callable[..., Call]) -> None:
    assert "SECRET_KEY=" in spoiled("exposed_env")("GET", "/.env").text
    assert spoiled("exposed_env")("GET", "/version").status_code == 200
    assert "x-secret" in spoiled("trace_on")("TRACE", "/version", headers={"x-secret": "1"}).text
    assert spoiled("trace_on")("GET", "/version").status_code == 200
    assert spoiled()("TRACE", "/version").status_code == 405


def test_the_log_holds_a_token(spoiled: Callable[..., Call], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "battery.reference")
    spoiled("secret_in_log")("GET", "/version", headers=READER)
    assert "reader-token" in str([vars(record) for record in caplog.records])


@pytest.mark.parametrize(
    ("defect", "path", "token", "healthy", "sick"),
    [
        ("admin_open", "/api/admin", "", 401, 200),
        ("wrong_role", "/api/admin", "reader-token", 403, 200),
        ("other_tenant", "/api/tenants/blue/notes", "reader-token", 403, 200),
        ("expired_token", "/api/orders", "former-token", 401, 200),
    ],
)
def test_a_door_stands_open(
    spoiled: Callable[..., Call], defect: str, path: str, token: str, healthy: int, sick: int
) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    assert spoiled()("GET", path, headers=headers).status_code == healthy
    assert spoiled(defect)("GET", path, headers=headers).status_code == sick


def test_nobody_counts(spoiled: Callable[..., Call]) -> None:
    many, wrong = spoiled("no_rate_limit"), {"authorization": "Bearer nobody-has-it"}
    assert {many("GET", "/version").status_code for _ in range(9)} == {200}
    guessing = spoiled("no_lockout")
    assert {guessing("GET", "/version", headers=wrong).status_code for _ in range(20)} == {401}


def test_the_scrape_freezes_misses_and_breaks(spoiled: Callable[..., Call]) -> None:
    frozen = spoiled("metrics_frozen")
    first = frozen("GET", "/metrics").text
    frozen("GET", "/version")
    assert frozen("GET", "/metrics").text == first
    missing = spoiled("metrics_miss")
    for _ in range(50):
        missing("GET", "/api/health/live")
    assert 'route="/api/health/live",status="200"} 49' in missing("GET", "/metrics").text
    assert (
        'checkout_duration_seconds_bucket{le="1"} 3' in spoiled("metrics_malformed")("GET", "/metrics").text
    )


def test_restarts_are_hidden_and_the_level_never_falls(spoiled: Callable[..., Call]) -> None:
    for defects, restarts in (((), 3), (("restart_count_hidden",), None)):
        state = spoiled(*defects, "degradation_never")("GET", "/api/health/status").json()["state"]
        assert state["restarts"] == restarts
    assert StiffLadder().update(0.0) == "full"


def test_the_source_gets_one_file_or_line_that_must_not_be_there(tmp_path: Path) -> None:
    for name in SOURCE_DEFECT_NAMES:
        assert plant(tmp_path / name, name).read_text(encoding="utf-8")
    with pytest.raises(UnknownSourceDefect, match="there are"):
        plant(tmp_path / "none", "none")
