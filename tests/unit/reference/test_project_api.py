"""The description of the API names every resource of the service, and nothing else."""

import ast
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from battery.readiness.docs.api_description import Exercised, api_flaws, read_api_description
from battery.reference import routes
from battery.reference.routes.openapi import FILE
from battery.scan.target.openapi import read_openapi

METHODS = ("get", "post", "put", "patch", "delete")
SOURCES = sorted(Path(routes.__file__).parent.glob("*.py"))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(FILE.read_bytes())
    return described


def served() -> set[tuple[str, str]]:
    """Method and path of every `resource("/path", GET=…)` in the source."""
    found = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "resource":
                path = node.args[0]
                assert isinstance(path, ast.Constant), f"{source.name}: a path that is not written out"
                found |= {(str(word.arg).lower(), str(path.value)) for word in node.keywords}
    return found


def test_what_is_served_is_what_is_described(document: dict[str, Any]) -> None:
    described = {
        (method, path) for path, item in document["paths"].items() for method in item if method in METHODS
    }
    assert described == served()
    assert len(described) >= 35


def test_every_operation_is_described_in_words(document: dict[str, Any]) -> None:
    description = read_api_description(FILE.read_bytes(), "openapi.json")
    exercised = [Exercised(method=method, path=path.replace("{id}", "1")) for method, path in served()]
    assert api_flaws(description, [*exercised, Exercised(method="HEAD", path="/metrics?x=1")]) == ()
    ids = [
        item[method]["operationId"]
        for item in document["paths"].values()
        for method in METHODS
        if method in item
    ]
    assert len(set(ids)) == len(ids)


def test_the_document_can_be_read_by_the_fuzzer_and_its_schemas_are_sound(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert len(read_openapi(FILE.read_bytes()).operations) >= 35
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_refusal_is_a_problem_and_every_operation_tells_its_own(document: dict[str, Any]) -> None:
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                assert "500" in item[method]["responses"]
