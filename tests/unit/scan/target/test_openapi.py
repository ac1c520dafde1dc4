"""OpenAPI documents: sound ones are read, hostile ones refused with a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.openapi import LARGEST, Unusable, read_openapi

SMALL = {
    "openapi": "3.1.0",
    "paths": {"/a": {"get": {}, "parameters": []}, "/b": {"post": {}, "x-y": 1}, "/c": None},
}


@pytest.mark.parametrize(
    "data", [json.dumps(SMALL).encode(), b"openapi: 3.1.0\npaths: {/a: {get: {}}, /b: {post: {}}}"]
)
def test_json_and_yaml_are_read(data: bytes) -> None:
    described = read_openapi(data)
    assert described.operations == ("GET /a", "POST /b")
    assert json.loads(described.document)["openapi"] == "3.1.0"


def bomb() -> bytes:
    """Nine lists of nine aliases each: four hundred million parts in a few lines."""
    lines = ["openapi: 3.0.0", "paths: {}", "a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither openapi nor swagger"),
        (b"\xff\xfe", "neither JSON nor YAML"),
        (b"{", "neither JSON nor YAML"),
        (b"a: [", "neither JSON nor YAML"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * (LARGEST + 1), "larger than"),
        (b"swagger: '2.0'", "has no paths"),
        (b"openapi: 3.0.0\npaths: []", "has no paths"),
        (bomb(), "aliases written out"),
        (b"openapi: 3.0.0\npaths: {}\nx: &x [*x]", "aliases written out"),
        (b'{"openapi": "3", "paths": {"/a": {"$ref": "file:///etc/passwd"}}}', "file:///etc/passwd"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unusable, match=reason.replace("[", r"\[")):
        read_openapi(data)


def test_a_python_object_in_yaml_is_not_made() -> None:
    with pytest.raises(Unusable, match="neither JSON nor YAML"):
        read_openapi(b"openapi: !!python/object/apply:os.system ['true']")


def outcome(data: bytes) -> str:
    """The document, or why it was refused."""
    try:
        return read_openapi(data).document
    except Unusable as error:
        return str(error)


@given(st.binary(max_size=80))
def test_no_bytes_break_it(data: bytes) -> None:
    assert outcome(data)


@given(
    st.recursive(
        st.none() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["$ref", "get", "paths", "openapi", "/a"]), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_no_document_breaks_it(document: object) -> None:
    assert outcome(json.dumps(document).encode())
