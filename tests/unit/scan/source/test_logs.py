"""The log scan: leaked secrets, unhandled errors, bursts of failed logins, in logs of any size."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.findings import findings_of
from battery.scan.source.logs.bursts import Burst, bursts
from battery.scan.source.logs.credentials import named_credentials
from battery.scan.source.logs.engine import open_engine
from battery.scan.source.logs.parts import Logs
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
    found = [(trace.line, trace.language, trace.error) for trace in traces(text.split("\n"))]
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


def failures(count: int, every: int, start: int = 0) -> list[str]:
    return [
        f"2026-01-01T{(start + n * every) // 3600:02}:{(start + n * every) // 60 % 60:02}:{(start + n * every) % 60:02} login failed"
        for n in range(count)
    ]


def test_twenty_failures_in_a_minute_are_a_burst_and_nineteen_are_not() -> None:
    assert list(bursts(failures(20, 3))) == [Burst(first=1, last=20, count=20)]
    assert list(bursts(failures(19, 3))) == []
    assert list(bursts(failures(40, 4))) == []


def test_a_burst_that_goes_on_is_one_and_a_second_one_is_another() -> None:
    lines = [*failures(90, 1), *["calm"] * 5, *failures(25, 1, start=3600)]
    assert list(bursts(lines)) == [Burst(first=1, last=90, count=90), Burst(first=96, last=120, count=25)]


def test_without_a_clock_lines_that_stand_close_are_a_burst() -> None:
    assert len(list(bursts(["Failed password for root"] * 20))) == 1
    assert list(bursts([line for _ in range(20) for line in ["Failed password", *["calm"] * 20]])) == []


def test_access_logs_have_a_clock_of_their_own() -> None:
    line = '1.2.3.4 - - [01/Jan/2026:00:{:02}:00 +0000] "POST /login HTTP/1.1" 401 12'
    assert len(list(bursts([line.format(0)] * 20))) == 1
    assert list(bursts([line.format(n) for n in range(50)])) == []
    assert list(bursts(["2026-13-45T99:99:99 login failed"] * 5)) == []


@given(st.lists(st.sampled_from(["login failed", "calm", *failures(3, 30)]), max_size=80))
def test_bursts_never_overlap_and_never_count_more_than_there_is(lines: list[str]) -> None:
    found = list(bursts(lines))
    assert all(burst.first <= burst.last for burst in found)
    assert sum(burst.count for burst in found) <= 2 * sum("failed" in line for line in lines)


def test_a_large_log_is_read_in_parts_with_its_own_line_numbers(tmp_path: Path, pool: Pool) -> None:
    log = tmp_path / "app.log"
    log.write_text("calm\n" * 300_000 + f"{TOKEN}\n" * 2 + "calm\n" * 700_000 + f"{TOKEN}\n")
    result = scan_logs((log,), pool)
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
    logs = Logs((log,), part=size)
    pieces = list(logs.pieces())
    assert b"".join(piece.content for piece in pieces) == log.read_bytes()
    for piece in pieces[:-1]:
        assert piece.content.endswith(b"\n") or len(piece.content) == 2 * size


@pytest.mark.parametrize("name", ["missing.log", "empty.log", "folder", "binary.log"])
def test_a_log_that_cannot_be_judged_makes_the_scan_incomplete(tmp_path: Path, pool: Pool, name: str) -> None:
    (tmp_path / "empty.log").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary.log").write_bytes(b"\0\xff" * 10)
    result = scan_logs((tmp_path / name,), pool)
    assert result.incomplete[0].startswith(str(tmp_path / name))
    assert result.ledger.adds_up
    assert not result.ledger.skipped[0].harmless


def test_an_empty_log_beside_a_full_one_is_told(tmp_path: Path, pool: Pool) -> None:
    (tmp_path / "a.log").write_text("calm\n")
    (tmp_path / "b.log").write_text("")
    result = scan_logs((tmp_path / "a.log", tmp_path / "b.log"), pool)
    assert result.incomplete == (f"{tmp_path / 'b.log'}: empty: nothing to judge",)


def test_no_log_at_all_is_incomplete(pool: Pool) -> None:
    assert "no log was read" in scan_logs((), pool).incomplete[0]
