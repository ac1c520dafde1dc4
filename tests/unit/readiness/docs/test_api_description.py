"""OpenAPI beside the endpoints that were exercised."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.docs.api_description import (
    LARGEST,
    Exercised,
    api_flaws,
    read_api_description,
)
from battery.readiness.docs.tree import DocumentsUnreadable

OPENAPI = (Path(__file__).parents[3] / "assets" / "docs_tree" / "docs" / "openapi.yaml").read_bytes()


def unknown(data: bytes, *calls: str) -> list[str]:
    exercised = [Exercised(method=method, path=path) for method, path in (call.split(" ") for call in calls)]
    flaws = api_flaws(read_api_description(data, "openapi.yaml"), exercised)
    return [flaw.where for flaw in flaws if flaw.weight == "error"]


@pytest.mark.parametrize(
    "call",
    [
        *("GET /orders", "POST /api/orders", "HEAD /orders", "GET /v1/orders?page=2"),
        *("get /orders/7/items/a%20b", "GET /api/orders/7/items/8"),
    ],
)
def test_a_described_endpoint_is_known(call: str) -> None:
    assert unknown(OPENAPI, call) == []


@pytest.mark.parametrize(
    "call", ["DELETE /orders", "GET /order", "GET /orders/7", "GET /orders/7/items/8/9", "GET /v2/orders"]
)
def test_an_endpoint_without_a_description_is_told_once(call: str) -> None:
    assert unknown(OPENAPI, call, call) == [call]


def test_an_operation_without_a_word_is_a_warning() -> None:
    (flaw,) = api_flaws(read_api_description(OPENAPI, "x"), [])
    assert (flaw.rule, flaw.where, flaw.weight) == ("docs.api.words", "POST /orders", "warning")


def test_swagger_in_json_is_understood() -> None:
    document = {"swagger": "2.0", "basePath": "/api", "paths": {"/a.b": {"get": {"summary": "s"}}, "/c": 3}}
    data = json.dumps(document).encode()
    assert read_api_description(data, "x").version == "2.0"
    assert unknown(data, "GET /api/a.b") == []
    assert unknown(data, "GET /api/aXb", "GET /c") == ["GET /api/aXb", "GET /c"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "expected a table"),
        (b"[1]", "expected a table"),
        (b"{", "neither JSON nor YAML"),
        (b"a: [", "neither JSON nor YAML"),
        (b"\xff", "neither JSON nor YAML"),
        (b"openapi: 3.1.0\n", "no openapi and paths"),
        (b"paths: {}\n", "no openapi and paths"),
        (b"#" * (LARGEST + 1), "at most"),
    ],
)
def test_what_is_no_description_is_refused_with_a_reason(data: bytes, problem: str) -> None:
    with pytest.raises(DocumentsUnreadable, match=problem):
        read_api_description(data, "api.yaml")


@given(
    st.recursive(
        st.none() | st.text(max_size=4) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["openapi", "paths", "/a", "get", "servers", "url", "basePath"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_a_description_or_refused(value: object) -> None:
    try:
        description = read_api_description(json.dumps(value).encode(), "x")
    except DocumentsUnreadable:
        return
    assert description.version
