"""The description of the API beside the live service: answers fit their schemas, and a fuzzer finds nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest
from msgspec.structs import replace

from battery.reference.demo import ReferenceTarget
from battery.reference.demo_dependency import ReferenceDependency
from battery.reference.routes.openapi import FILE
from tests.integration.scan.target.scripted import QUICK, scan

DOCUMENT: dict[str, Any] = json.loads(FILE.read_bytes())
TOKENS = "r:reader:red:reader-token,w:writer:red:writer-token,a:admin:red:admin-token"
ADMIN = {"Authorization": "Bearer admin-token"}
# The queue of a fuzzed service must not be full by accident, which is a 503 that means something else.
ENVIRONMENT = {"REFERENCE_QUEUE_CAPACITY": "10000", "REFERENCE_JOB_SECONDS": "0"}
PATIENT = replace(QUICK, requests=20_000, rate=1000, seconds=300, examples=10)
BODIES: dict[str, object] = {
    "OrderDraft": {"item": "bolt", "quantity": 1, "unit_price_cents": 5},
    "RecordDraft": {"id": "a", "run": "r"},
    "JobDraft": {"item": "bolt"},
    "LoginAttempt": {"user": "anna", "password": "anna-password"},
    "NoteDraft": {"text": "hello"},
    "Whom": {"source": "192.0.2.7", "seconds": 60},
}


@pytest.fixture
def closed(tmp_path: Path, dependency: ReferenceDependency) -> Iterator[ReferenceTarget]:
    """A service that knows some callers."""
    rules = {"REFERENCE_TOKENS": TOKENS, "REFERENCE_USERS": "anna:writer:red:anna-password"}
    environment = {**ENVIRONMENT, **rules, "DEPENDENCY_ADDRESS": dependency.address}
    with ReferenceTarget(tmp_path / "closed", supervised=True, environment=environment) as target:
        yield target


@pytest.fixture
def open_to_all(tmp_path: Path) -> Iterator[ReferenceTarget]:
    """A service that knows nobody."""
    with ReferenceTarget(tmp_path / "open", environment=ENVIRONMENT) as target:
        yield target


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """In an order in which each finds what it needs: a lockdown or a release comes after what it would refuse."""
    for path, item in DOCUMENT["paths"].items():
        for method in ("post", "get", "delete"):
            if method in item:
                yield method, path, item[method]


def _asked(client: httpx.Client, method: str, path: str, operation: dict[str, Any]) -> httpx.Response:
    """The operation with what it requires."""
    required = [one for one in operation.get("parameters", ()) if one.get("required")]
    url = path.replace("{id}", "1").replace("{tenant}", "red")
    query = {one["name"]: "bolt" for one in required if one["in"] == "query"}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        body = BODIES[content["application/json"]["schema"]["$ref"].rpartition("/")[2]]
        return client.request(method, url, params=query, json=body)
    return client.request(method, url, params=query, content=b"{}\n" if content else None)


def _schema(operation: dict[str, Any], answer: httpx.Response) -> dict[str, Any] | None:
    """The schema for this answer; None where it has no body that is JSON."""
    response = operation["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if "content" not in response:
        assert answer.content == b""
        return None
    schema: dict[str, Any] = response["content"][media_type]["schema"]
    return schema if media_type.endswith("json") else None


def test_every_operation_answers_as_it_is_described(closed: ReferenceTarget) -> None:
    succeeded = set()
    with httpx.Client(base_url=closed.url, timeout=60) as client:
        for headers in (ADMIN, {}):
            for method, path, operation in _operations():
                client.headers["Authorization"] = headers.get("Authorization", "")
                if not headers:
                    del client.headers["Authorization"]
                answer = _asked(client, method, path, operation)
                assert answer.headers["x-request-id"]
                schema = _schema(operation, answer)
                if schema is not None:
                    whole = {**schema, "components": DOCUMENT["components"]}
                    jsonschema.Draft202012Validator(whole).validate(answer.json())
                if headers and answer.is_success:
                    succeeded.add((method, path))
    assert {(method, path) for method, path, _ in _operations()} - succeeded == set()


def test_the_description_is_served_as_it_lies_in_the_source(closed: ReferenceTarget) -> None:
    assert httpx.get(f"{closed.url}/openapi.json", timeout=60).content == FILE.read_bytes()


@pytest.mark.real("schemathesis")
def test_the_fuzzer_finds_nothing_in_what_an_administrator_reads(closed: ReferenceTarget) -> None:
    result = scan(closed.url, "fuzz", headers=ADMIN, limits=PATIENT)
    assert (result.found, result.incomplete) == ((), ())


@pytest.mark.real("schemathesis")
def test_the_fuzzer_finds_nothing_in_what_everybody_may_do(open_to_all: ReferenceTarget) -> None:
    result = scan(open_to_all.url, "fuzz", fuzz_may_write=True, limits=PATIENT)
    assert (result.found, result.incomplete) == ((), ())
    assert not result.ledger.skipped
