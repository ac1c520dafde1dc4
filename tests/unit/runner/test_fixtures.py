"""What every check gets."""

from pathlib import Path

import pytest

from battery.errors import UsageError
from battery.model.definition import Definition
from battery.model.target import Source, Target
from battery.runner.target_client import target_client
from tests.fakes.checks import run_files, run_one
from tests.fakes.targets import Answer, a_definition, scripted_target

FOUND = Answer(302, b"", (("Location", "http://127.0.0.1:1/elsewhere"),))
MEASURE = "record.measure('coverage.line', 95)"


def test_a_users_check_gets_all_of_them(tmp_path: Path) -> None:
    with scripted_target({"/live": [Answer()]}) as server:
        ran = run_files(
            tmp_path,
            {"definition": a_definition(server.url), "seed": 7},
            a=f"def check_it(record):\n    record.fact('said', 'before')\n    {MEASURE}",
            b=f"""
            def check_it(target, http, record, plan, earlier):
                record.fact("live", target.target.live)
                record.fact("answer", http.get(target.target.live).text)
                record.fact("seed", str(plan.seed))
                record.fact("earlier", earlier("a.it").facts["said"])
                record.fact("never", str(earlier("no.such")))
                {MEASURE}
            """,
        )
    told = ran.evidence["b.it"]
    assert told.status == "measured", told.reason
    assert told.facts == {"live": "/live", "answer": "ok", "seed": "7", "earlier": "before", "never": "None"}


@pytest.mark.parametrize(
    ("fixture", "reason"),
    [("http", "no target: give its URL"), ("source_folder", "no source tree: give --source DIR")],
)
def test_what_the_definition_lacks_skips_the_check(tmp_path: Path, fixture: str, reason: str) -> None:
    evidence, _ = run_one(tmp_path, f"def check_it({fixture}): pass")
    assert evidence.status == "skipped"
    assert evidence.reason.startswith(reason)


def test_the_source_folder_starts_from_the_plans_folder(tmp_path: Path) -> None:
    text = f"def check_it(source_folder, record):\n    record.fact('at', str(source_folder))\n    {MEASURE}"
    evidence, _ = run_one(tmp_path, text, definition=Definition(source=Source(path="src")))
    assert evidence.facts["at"] == str(tmp_path / "src")


@pytest.mark.parametrize("url", ["http://localhost:1/", "http://127.0.0.1:1/", "https://127.0.0.1/"])
def test_http_reaches_nothing_but_the_target(tmp_path: Path, url: str) -> None:
    with scripted_target({"/live": [Answer()]}) as server:
        evidence, _ = run_one(
            tmp_path, f"def check_it(http): http.get('{url}')", definition=a_definition(server.url)
        )
    assert evidence.status == "errored"
    assert "is not the target; checks may reach the target only" in evidence.reason


def test_http_follows_no_redirect_and_asks_no_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    text = f"def check_it(http, record):\n    record.fact('status', str(http.get('/live').status_code))\n    {MEASURE}"
    with scripted_target({"/live": [FOUND]}) as server:
        evidence, _ = run_one(tmp_path, text, definition=a_definition(server.url))
    assert evidence.facts == {"status": "302"}, evidence.reason


def test_http_carries_the_headers_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "s3cret-token")
    headers = {"Authorization": "env:API_TOKEN", "X-Plain": "plain"}
    text = f"def check_it(http, record):\n    http.get('/live')\n    {MEASURE}"
    with scripted_target({"/live": [Answer()]}) as server:
        evidence, _ = run_one(tmp_path, text, definition=a_definition(server.url, headers=headers))
        [(_, sent)] = server.requests
    assert evidence.status == "measured"
    assert (sent["authorization"], sent["x-plain"]) == ("s3cret-token", "plain")
    assert sent["user-agent"] == "hardening-battery"


def test_a_header_whose_variable_is_absent_fails_the_check_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("API_TOKEN", raising=False)
    definition = a_definition("http://127.0.0.1:1", headers={"Authorization": "env:API_TOKEN"})
    evidence, _ = run_one(tmp_path, "def check_it(http): pass", definition=definition)
    assert evidence.status == "errored"
    assert "variable API_TOKEN, which is not set" in evidence.reason


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("http://EXAMPLE.test", "http://example.test:80/x"),
        ("https://example.test:443", "/x"),
        ("http://b\u00fccher.test", "/x"),
        ("http://[::1]:8000", "http://[::1]:8000/x"),
        ("http://example.test/base", "x"),
    ],
)
def test_one_address_has_several_spellings(target: str, asked: str) -> None:
    with target_client(Target(url=target), {}) as client:
        request = client.build_request("GET", asked)
        for hook in client.event_hooks["request"]:
            hook(request)


@pytest.mark.parametrize(
    "asked", ["http://example.test:81/", "https://example.test/", "http://example.test.evil/", "http://evil/"]
)
def test_another_scheme_host_or_port_is_another_address(asked: str) -> None:
    with target_client(Target(url="http://example.test"), {}) as client:
        request = client.build_request("GET", asked)
        with pytest.raises(UsageError, match="is not the target"):
            client.event_hooks["request"][0](request)
