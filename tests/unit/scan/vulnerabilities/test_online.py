"""The OSV service: what it answers is believed, and each way to fail makes the answer incomplete."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from battery.errors import UsageError
from battery.scan.vulnerabilities.online import OsvService
from battery.scan.vulnerabilities.record import Package
from battery.scan.vulnerabilities.source import Answer
from battery.scan.vulnerabilities.transport import ServiceFailed, Transport
from tests.unit.scan.vulnerabilities.osv_server import OsvServer, Reply, serving
from tests.unit.scan.vulnerabilities.records import raw

NOW = datetime(2026, 1, 10, tzinfo=UTC)
JINJA, OTHER = Package("PyPI", "jinja2", "3.1.2"), Package("PyPI", "other", "1.0")
BATCH = "/v1/querybatch"


@pytest.fixture
def server() -> Iterator[OsvServer]:
    with serving({name: raw(name) for name in ("GHSA-1", "GHSA-2", "GHSA-3")}) as running:
        yield running


def look_up(server: OsvServer, **options: float) -> Answer:
    return OsvService(server.url, **options).look_up((JINJA, OTHER), NOW)


def failing(server: OsvServer, path: str, reply: Reply) -> None:
    server.instead = lambda asked: reply if asked == path else None


def test_the_service_names_the_vulnerabilities_and_the_records_tell_the_fix(server: OsvServer) -> None:
    answer = look_up(server)
    assert [(match.id, match.fixed) for match in answer.matches[JINJA]] == [
        ("GHSA-1", "3.1.3"),
        ("GHSA-2", "3.1.3"),
        ("GHSA-3", "3.1.3"),
    ]
    assert OTHER not in answer.matches
    assert (answer.unanswered, answer.incomplete) == ({}, ())
    assert answer.facts == {"service": server.url, "service.asked": "2026-01-10 00:00 UTC"}
    assert server.asked[0][1]["queries"][0] == {
        "package": {"ecosystem": "PyPI", "name": "jinja2"},
        "version": "3.1.2",
    }


def test_further_pages_are_asked_for(server: OsvServer) -> None:
    server.page = 1
    assert len(look_up(server).matches[JINJA]) == 3
    server.page = 0  # a token for ever
    assert "more than 50 pages" in look_up(server).unanswered[JINJA]


def test_a_withdrawn_record_is_no_finding(server: OsvServer) -> None:
    for name in ("GHSA-1", "GHSA-2", "GHSA-3"):
        server.records[name] |= {"withdrawn": "2026-01-02T00:00:00Z"}
    assert look_up(server).matches == {}


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ((404, b"{}"), "answered 404"),
        ((500, b"{}"), "answered 500"),
        ((302, b""), "answered 302"),
        ((200, b"<html>"), "the answer is no JSON"),
        ((200, b"[" * 5000), "the answer is no JSON"),
        ((200, b"{}"), "an unexpected answer"),
        ((200, b'{"results": [{}]}'), "2 queries and 1 answers"),
        ((200, b'{"results": [{}, {}, {}]}'), "2 queries and 3 answers"),
    ],
)
def test_a_batch_that_fails_leaves_its_packages_unanswered(server: OsvServer, reply: Reply, why: str) -> None:
    failing(server, BATCH, reply)
    answer = look_up(server)
    assert set(answer.unanswered) == {JINJA, OTHER}
    assert why in answer.unanswered[JINJA]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ((404, b"{}"), "answered 404"),
        ((200, b'{"id": "GHSA-2"}'), "an unexpected answer"),
        ((200, json.dumps(raw("GHSA-9")).encode()), "the service answered 'GHSA-9'"),
    ],
)
def test_a_record_that_cannot_be_had_is_reported_by_its_id_and_told(
    server: OsvServer, reply: Reply, why: str
) -> None:
    failing(server, "/v1/vulns/GHSA-2", reply)
    answer = look_up(server)
    assert [(match.id, match.record is None) for match in answer.matches[JINJA]] == [
        ("GHSA-1", False),
        ("GHSA-2", True),
        ("GHSA-3", False),
    ]
    (problem,) = answer.incomplete
    assert why in problem


def test_an_id_that_is_none_is_never_a_part_of_a_url(server: OsvServer) -> None:
    failing(server, BATCH, (200, b'{"results": [{"vulns": [{"id": "../../admin?x"}]}, {}]}'))
    answer = look_up(server)
    assert "which is no id" in answer.incomplete[0]
    assert [path for path, _ in server.asked] == [BATCH]


def test_a_service_that_is_not_there_leaves_everything_unanswered() -> None:
    with socket.socket() as held:  # bound and not listening: nobody else gets the port
        held.bind(("127.0.0.1", 0))
        answer = OsvService(f"http://127.0.0.1:{held.getsockname()[1]}").look_up((JINJA,), NOW)
    assert "ConnectError" in answer.unanswered[JINJA]


def test_a_service_that_never_answers_is_left_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = OsvService(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1).look_up((JINJA,), NOW)
    assert "ReadTimeout" in answer.unanswered[JINJA]


def test_no_request_is_sent_when_the_time_is_spent(server: OsvServer) -> None:
    assert "the time for the service is spent" in look_up(server, budget=0.0).unanswered[JINJA]
    assert server.asked == []


def test_an_answer_that_is_too_large_is_dropped(server: OsvServer) -> None:
    with (
        Transport(server.url, timeout=5, budget=60, largest=10) as transport,
        pytest.raises(ServiceFailed, match="more than 10 bytes"),
    ):
        transport.get("/v1/vulns/GHSA-1")


@pytest.mark.parametrize(
    "base", ["", "ftp://osv.example", "https://", "https://[", "osv.example", "http://h:0"]
)
def test_a_base_that_is_no_url_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="no http or https URL of an OSV service"):
        OsvService(base)


def test_a_proxy_that_cannot_be_used_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy")
    answer = OsvService("https://osv.invalid").look_up((JINJA,), NOW)
    assert "the environment's proxy cannot be used" in answer.unanswered[JINJA]


def test_credentials_of_the_base_are_told_to_nobody(server: OsvServer) -> None:
    url = server.url.replace("//", "//user:hunter2@")
    answer = OsvService(url).look_up((JINJA,), NOW)
    assert "hunter2" not in repr(answer)
    with pytest.raises(UsageError) as caught:
        OsvService("ftp://user:hunter2@host")
    assert "hunter2" not in str(caught.value)
