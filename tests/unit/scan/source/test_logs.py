"""The log scan: leaked secrets, unhandled errors, bursts of failed logins, in logs of any size."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.findings import findings_of
from battery.scan.source.logs.credentials import named_credentials
from battery.scan.source.logs.engine import open_engine
from battery.scan.source.logs.parts import LogFile, Logs
from battery.scan.source.logs.scan import scan_logs
from battery.scan.source.logs.traces import traces
from battery.scan.source.pool import Pool
from battery.scan.source.secrets.canary import planted
from tests.unit.scan.source.conftest import KEY

ENGINE = open_engine(KEY)
TOKEN = planted(Random(3))["GitHub Token"]


def rules(text: str) -> list[tuple[int, str]]:
    return [(item.line, item.rule.removeprefix("logs.")) for item in ENGINE("app.log", text.encode()).found]


def test_a_secret_is_found_and_told_once() -> None:
    assert rules(f"start\ncalling with {TOKEN}\n") == [(2, "secret")]


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer abcdef123",
        'headers={"authorization": "Basic dXNlcjpwYXNz"}',
        "GET /login?password=hunter2hunter2&x=1",
        "x-api-key: 0f1e2d3c",
        "set-cookie: sessionid=abc123def; Path=/",
        "client_secret='abcdefgh'",
    ],
)
def test_a_credential_beside_its_name_is_found_and_not_shown(line: str) -> None:
    (found,) = ENGINE("a.log", line.encode()).found
    assert found.rule == "logs.credential"
    for _, value, _ in named_credentials(line):
        assert value not in repr(found)


@pytest.mark.parametrize(
    "line",
    [
        "password=******",
        "Authorization: [redacted]",
        "token: <hidden>",
        "password: none",
        "secret=abc",
        "no secret here",
    ],
)
def test_what_the_logger_masked_or_nobody_wrote_is_not_told(line: str) -> None:
    assert rules(line) == []


def test_traces_are_named_by_their_errors_in_each_language() -> None:
    text = """\
INFO x
Traceback (most recent call last):
  File "a.py", line 1, in f
    g()
app.errors.Broken: secret text
Exception in thread "main" java.lang.NullPointerException: x
\tat com.example.A.b(A.java:12)
\tat com.example.A.c(A.java:13)
TypeError: x is not a function
    at f (/srv/app.js:1:2)
    at node:internal/main:3:4
panic: runtime error
goroutine 1 [running]:
Traceback (most recent call last):
"""
    lines = text.split("\n")
    found = [(trace.line, trace.language, trace.error) for trace in traces(lines, range(1, len(lines) + 1))]
    assert found == [
        (2, "Python", "app.errors.Broken"),
        (6, "Java", "java.lang.NullPointerException"),
        (9, "JavaScript", "TypeError"),
        (12, "Go", "panic"),
        (14, "Python", "cut off"),
    ]


def test_equal_errors_are_one_finding() -> None:
    trace = 'Traceback (most recent call last):\n  File "a"\nValueError: {}\n'
    found = ENGINE("a.log", "".join(trace.format(n) for n in range(70)).encode())
    (finding,) = findings_of(found.found, KEY)
    assert len(finding.places) == 50
    assert found.counts["repeated"] == 20


def test_a_large_log_is_read_in_parts_with_its_own_line_numbers(tmp_path: Path, pool: Pool) -> None:
    log = tmp_path / "app.log"
    log.write_text("calm\n" * 300_000 + f"{TOKEN}\n" * 2 + "calm\n" * 700_000 + f"{TOKEN}\n")
    result = scan_logs((LogFile(path=log),), pool)
    assert [item.line for item in result.found] == [300_001, 300_002, 1_000_003]
    assert {item.where for item in result.found} == {str(log)}
    assert (result.ledger.discovered, result.ledger.scanned) == (1, 1)
    assert result.incomplete == ()
    assert all(canary.seen for canary in result.canaries)


@given(st.lists(st.text(alphabet="ab\n", max_size=30), max_size=5), st.integers(1, 20))
def test_parts_are_the_log_cut_at_lines(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], size: int
) -> None:
    log = tmp_path_factory.mktemp("logs") / "a.log"
    log.write_text("".join(texts))
    logs = Logs((LogFile(path=log),), part=size)
    pieces = list(logs.pieces())
    assert b"".join(piece.content for piece in pieces) == log.read_bytes()
    for piece in pieces[:-1]:
        assert piece.content.endswith(b"\n") or len(piece.content) == 2 * size


@pytest.mark.parametrize("name", ["missing.log", "empty.log", "folder", "binary.log"])
def test_a_log_that_cannot_be_judged_makes_the_scan_incomplete(tmp_path: Path, pool: Pool, name: str) -> None:
    (tmp_path / "empty.log").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary.log").write_bytes(b"\0\xff" * 10)
    result = scan_logs((LogFile(path=tmp_path / name),), pool)
    assert result.incomplete[0].startswith(str(tmp_path / name))
    assert result.ledger.adds_up
    assert not result.ledger.skipped[0].harmless


def test_an_empty_log_beside_a_full_one_is_told(tmp_path: Path, pool: Pool) -> None:
    (tmp_path / "a.log").write_text("calm\n")
    (tmp_path / "b.log").write_text("")
    result = scan_logs((LogFile(path=tmp_path / "a.log"), LogFile(path=tmp_path / "b.log")), pool)
    assert result.incomplete == (f"{tmp_path / 'b.log'}: empty: nothing to judge",)


def test_no_log_at_all_is_incomplete(pool: Pool) -> None:
    assert "no log was read" in scan_logs((), pool).incomplete[0]
