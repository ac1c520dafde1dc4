"""API fuzzing: the document, the guard around the fuzzer, its report; with a stand-in, and with the real one."""

import json
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from battery.scan.interface import ScanResult
from battery.scan.target.trace import Trace
from tests.integration.scan.target.conftest import Trust
from tests.integration.scan.target.scripted import QUICK, SOUND, Heard, Said, scan, serving, sound

FAKE = Path(__file__).with_name("fake_schemathesis.py")
SCHEMA = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
OPERATION = {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": SCHEMA}}}}}
BEARER = {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "shop", "version": "1"},
    "components": BEARER,
    "paths": {
        "/open": {"get": {**OPERATION, "security": [{"bearer": []}]}},
        "/guarded": {"get": {**OPERATION, "security": [{"bearer": []}]}},
        "/items": {"get": OPERATION, "delete": OPERATION},
        "/breaks": {"get": OPERATION},
        "/lies": {"get": OPERATION},
    },
}
Make = Callable[[str], str]


@pytest.fixture
def fake(tmp_path: Path) -> Make:
    """Makes an executable of a mode."""

    def make(mode: str) -> str:
        path = tmp_path / f"schemathesis-{mode}"
        path.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(FAKE))} {mode} "$@"\n'
        )
        path.chmod(0o755)
        return str(path)

    return make


def shop(heard: Heard) -> Said:
    """An API with a document, two sound operations, two that break their promise and one that asks nobody for a token."""
    if heard.path == "/openapi.json":
        return Said(200, SOUND, json.dumps(DOCUMENT))
    if heard.path == "/guarded":
        return Said(401, SOUND, '{"id": 0}')
    bodies = {"/items": '{"id": 1}', "/open": '{"id": 1}', "/lies": '{"name": 1}'}
    if heard.path in bodies:
        return Said(200 if heard.method == "GET" else 405, SOUND, bodies[heard.path])
    return Said(500 if heard.path == "/breaks" else 404, SOUND)


def found(result: ScanResult) -> set[tuple[str, str]]:
    """Rule and place of each finding, the port left out."""
    return {
        (entry.rule, entry.where.partition("127.0.0.1:")[2][5:].lstrip("0123456789"))
        for entry in result.found
    }


EXPECTED = {
    *(("target.fuzz.server-error", "/breaks"), ("target.fuzz.schema-violation", "/lies")),
    ("target.fuzz.ignored-auth", "/open"),
}


def test_failures_become_findings_and_what_may_change_data_is_left_alone(fake: Make) -> None:
    methods: set[str] = set()

    def script(heard: Heard) -> Said:
        methods.add(heard.method)
        return shop(heard)

    trace = Trace()
    with serving(script) as url:
        result = scan(url, "fuzz", schemathesis=fake("sound"), trace=trace)
    assert found(result) == EXPECTED
    assert result.incomplete == ()
    assert methods == {"GET"}
    assert [(skip.what, skip.harmless) for skip in result.ledger.skipped] == [("DELETE /items", True)]
    assert all(canary.seen for canary in result.canaries)
    assert {exchange.url for exchange in trace.exchanges} >= {f"{url}/items", f"{url}/breaks", f"{url}/lies"}


def test_every_step_out_of_scope_is_refused_and_recorded(fake: Make) -> None:
    trace = Trace()
    with serving(shop) as url:
        result = scan(url, "fuzz", schemathesis=fake("straying"), trace=trace)
    refused = [value for name, value in result.facts.items() if name.startswith("refused")]
    assert len(refused) == 4
    assert "is not the named target" in refused[0]
    assert "DELETE may change data" in refused[1]
    assert "CONNECT elsewhere.example:443" in refused[3]
    assert found(result) == EXPECTED


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("silent", "the document makes me sad"),
        ("garbage", "left no usable report"),
        ("partial", "interrupted"),
        ("hanging", "had not ended after 2 s"),
    ],
)
def test_a_fuzzer_that_brings_nothing_back_makes_the_scan_incomplete(
    fake: Make, mode: str, reason: str
) -> None:
    limits = QUICK
    with serving(shop) as url:
        if mode == "hanging":
            from msgspec.structs import replace

            limits = replace(QUICK, seconds=2.0)
        result = scan(url, "fuzz", schemathesis=fake(mode), limits=limits)
    assert reason in " ".join(result.incomplete)
    assert result.ledger.adds_up
    assert result.canaries == ()


def test_an_absent_fuzzer_says_how_to_get_it() -> None:
    with serving(shop) as url:
        result = scan(url, "fuzz", schemathesis="schemathesis-that-is-not-there")
    assert "pip install 'hardening-battery[fuzz]'" in result.incomplete[0]
    assert result.ledger.scanned == 0


def test_a_target_without_a_document_was_not_fuzzed_and_is_told_what_to_write() -> None:
    with serving(sound) as url:
        result = scan(url, "fuzz")
    assert (result.found, result.canaries) == ((), ())
    assert "/openapi.json" in result.incomplete[0]
    assert "[security.not_applicable] fuzz" in result.incomplete[0]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("no document", "neither openapi nor swagger"),
        ("{", "neither JSON nor YAML"),
        (json.dumps({"openapi": "3.0.0"}), "has no paths"),
        (json.dumps({"openapi": "3.0.0", "paths": {}}), "describes no operation"),
        (
            json.dumps({**DOCUMENT, "x": {"$ref": "https://elsewhere.example/a.json"}}),
            "bundle it into one file",
        ),
        ("x" * (2 * 1024 * 1024), "download it and name the file"),
    ],
)
def test_a_document_that_cannot_be_used_is_said_so(document: str, reason: str) -> None:
    with serving(lambda heard: Said(200, SOUND, document)) as url:
        result = scan(url, "fuzz", openapi="/openapi.json")
    assert reason in " ".join(result.incomplete)


def test_a_document_elsewhere_or_absent_is_said_so(tmp_path: Path) -> None:
    with serving(sound) as url:
        assert "is a URL" in scan(url, "fuzz", openapi="http://elsewhere.example/a.json").incomplete[0]
        assert "answered 404" in scan(url, "fuzz", openapi="docs.json").incomplete[0]
        absent = str(tmp_path / "absent.json")
        assert "cannot be read" in scan(url, "fuzz", openapi_file=absent).incomplete[0]


def test_a_document_in_a_file_and_headers_reach_the_fuzzer_but_no_file(fake: Make, tmp_path: Path) -> None:
    seen: set[str] = set()

    def script(heard: Heard) -> Said:
        seen.add(heard.headers.get("authorization", ""))
        return shop(heard)

    path = tmp_path / "api.json"
    path.write_text(json.dumps(DOCUMENT))
    with serving(script) as url:
        headers = {"Authorization": "Bearer secret-token-1"}
        result = scan(url, "fuzz", openapi_file=str(path), schemathesis=fake("sound"), headers=headers)
    assert found(result) == {one for one in EXPECTED if one[1] != "/open"}
    assert seen == {"Bearer secret-token-1"}


def test_the_budget_holds_for_the_fuzzer_too(fake: Make) -> None:
    from msgspec.structs import replace

    with serving(shop) as url:
        result = scan(url, "fuzz", schemathesis=fake("sound"), limits=replace(QUICK, requests=2))
    assert "the budget of requests was spent" in " ".join(result.incomplete)


@pytest.mark.real("schemathesis")
@pytest.mark.parametrize("secure", [False, True])
def test_the_real_fuzzer_finds_the_same(trust: Trust, secure: bool) -> None:
    trace = Trace()
    with serving(shop, trust.server if secure else None) as url:
        result = scan(url, "fuzz", ca_file=str(trust.authority), trace=trace)
    assert found(result) >= EXPECTED
    assert ("target.fuzz.ignored-auth", "/guarded") not in found(result)
    assert result.incomplete == ()
    assert all(canary.seen for canary in result.canaries)
    assert all(exchange.url.startswith(url) for exchange in trace.exchanges if exchange.sent)


@pytest.mark.real("schemathesis")
def test_a_seed_repeats_the_real_fuzzers_findings() -> None:
    assert shutil.which("schemathesis")
    with serving(shop) as url:
        first, second = (scan(url, "fuzz", seed=7) for _ in range(2))
    assert found(first) == found(second)
