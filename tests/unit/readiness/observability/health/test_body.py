"""What a health answer's body says beside its status code."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.health.answer import HealthAnswer
from battery.readiness.observability.health.body import HEALTH_JSON, body_flaws


def told(body: Any, status: int = 200, kind: str = HEALTH_JSON) -> list[str]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = HealthAnswer(path="/ready", status=status, kind=kind, body=data)
    return [f"{flaw.weight}: {flaw.text}" for flaw in body_flaws(answer)]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("pass", 200),
        ("warn", 200),
        ("ok", 204),
        ("up", 301),
        ("fail", 503),
        ("error", 500),
        ("down", 429),
        (" Pass ", 200),
    ],
)
def test_a_status_that_goes_with_its_code_is_fine(word: str, status: int) -> None:
    assert told({"status": word}, status) == []


@pytest.mark.parametrize(("word", "status"), [("pass", 503), ("warn", 400), ("fail", 200), ("down", 302)])
def test_a_status_against_its_code_is_an_error(word: str, status: int) -> None:
    [text] = told({"status": word}, status)
    assert text == (
        f'error: its status is "{word}" with HTTP {status}: pass and warn go with 2xx or 3xx, fail with 4xx or 5xx'
    )


@pytest.mark.parametrize("body", [b"", b"ok", b"[]", b"{}", {"status": 1}, b"[" * 100_000])
def test_health_json_without_a_status_is_an_error(body: Any) -> None:
    assert told(body) == [f"error: it is {HEALTH_JSON} without a status in a JSON object"]


def test_a_word_that_the_draft_does_not_know_is_an_error() -> None:
    assert told({"status": "green"}) == ['error: its status is "green", expected pass, warn or fail']


def test_a_failing_part_under_a_pass_is_a_warning() -> None:
    checks = {"db:time": [{"status": "pass"}, {"status": "fail"}], "disk": {"status": "down"}, "cpu": [1]}
    found = told({"status": "pass", "checks": checks})
    assert found == [
        f'warning: it says "pass", and its check {name} says otherwise' for name in ("db:time", "disk")
    ]
    assert told({"status": "warn", "checks": checks}) == []
    assert told({"status": "pass", "checks": "all"}) == []


@pytest.mark.parametrize("word", ["failing", "DOWN", "unhealthy", "out_of_service"])
def test_plain_json_that_says_no_with_a_yes_is_an_error(word: str) -> None:
    [text] = told({"status": word}, 200, "application/json")
    assert "who only reads the status is misled" in text
    assert told({"status": word}, 503, "application/json") == []


@pytest.mark.parametrize("body", [b"", b"OK", b"<html>", {"status": "degraded"}, {"state": "down"}, [1]])
def test_whatever_else_a_plain_body_says_is_its_own_matter(body: Any) -> None:
    assert told(body, 200, "text/plain") == []


@given(
    body=st.binary(max_size=200),
    status=st.integers(0, 599),
    kind=st.sampled_from([HEALTH_JSON, "text/plain"]),
)
def test_no_body_breaks_the_reading(body: bytes, status: int, kind: str) -> None:
    assert isinstance(told(body, status, kind), list)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["status", "checks", "a"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(body=_JSON, status=st.integers(100, 599))
def test_no_json_breaks_the_reading(body: Any, status: int) -> None:
    assert all(text.startswith(("error: ", "warning: ")) for text in told(body, status))
