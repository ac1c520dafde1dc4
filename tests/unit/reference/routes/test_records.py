"""The records API."""

from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest

Call = Callable[..., httpx.Response]


def _keep(call: Call, name: str, run: str = "r") -> httpx.Response:
    return call("POST", "/api/records", json={"id": name, "run": run})


def test_a_record_is_acknowledged_and_found(call: Call) -> None:
    answer = _keep(call, "a")
    assert answer.status_code == 201
    assert call("GET", "/api/records?run=r").json() == {"run": "r", "records": [answer.json()]}


def test_a_repeated_id_is_acknowledged_and_not_doubled(call: Call) -> None:
    first, second = _keep(call, "a"), _keep(call, "a")
    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(call("GET", "/api/records?run=r").json()["records"]) == 1
    lines = call("GET", "/metrics").text.splitlines()
    assert {"records_kept_total 1", "records_replayed_total 1"} <= set(lines)


def test_a_run_comes_back_whole_and_in_order(call: Call) -> None:
    for name in ("c", "a", "b"):
        _keep(call, name)
    _keep(call, "z", "another")
    records = call("GET", "/api/records?run=r").json()["records"]
    assert [record["id"] for record in records] == ["c", "a", "b"]


@pytest.mark.parametrize("name", ["grüß", "a/b", " ", "x" * 64])
def test_any_name_will_do(call: Call, name: str) -> None:
    assert _keep(call, name, name).status_code == 201
    [record] = call("GET", f"/api/records?run={quote(name, safe='')}").json()["records"]
    assert (record["id"], record["run"]) == (name, name)


@pytest.mark.parametrize(
    "body", [{}, {"id": "a"}, {"id": "", "run": "r"}, {"id": "x" * 129, "run": "r"}, {"id": 1, "run": "r"}]
)
def test_what_is_no_record_is_refused(call: Call, body: dict[str, object]) -> None:
    assert call("POST", "/api/records", json=body).status_code == 422


@pytest.mark.parametrize("query", ["", "?run=", "?run=" + "x" * 129])
def test_a_run_has_to_be_named(call: Call, query: str) -> None:
    assert call("GET", f"/api/records{query}").status_code == 400
