"""The HTTP/2 generator against servers that break off, leave, or are not there."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from battery.load.fleet import free_port
from battery.load.job import JobStage
from tests.integration.load.driving import Server, at_rate, drive, endpoint, job, serving, with_users
from tests.integration.load.http2_driving import POST, over_tls, speak


@pytest.fixture
def breaking(certificate: Path) -> Iterator[Server]:
    """Ports of the HTTP/2 server by what they do."""
    with serving("tests.fakes.http2_server", str(certificate)) as server:
        yield server


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        *(("none_at_all", "reset"), ("enraged", "reset"), ("refusing", "reset"), ("torn", "reset")),
        *(("nonsense", "protocol"), ("no_number", "protocol"), ("huge_headers", "protocol")),
        ("endless", "protocol"),
    ],
)
def test_broken_answers_are_counted_by_kind(breaking: Server, certificate: Path, act: str, kind: str) -> None:
    ports = cast("dict[str, int]", breaking.said)
    stage = with_users(2, 0.5) if act in ("torn", "nonsense") else at_rate(40, 0.5)
    found = speak(over_tls(ports[act], stage, deadline=3.0, body_cap=1024 * 1024), certificate)
    ledger = found.tally.ledger()
    assert (found.complaint, ledger.imbalance(), ledger.ok) == ("", "", 0)
    assert found.errors == {kind: ledger.planned}
    assert found.peak_rss < 150 * 1024 * 1024


@pytest.mark.parametrize("stage", [at_rate(60, 1.0), with_users(2, 0.6)], ids=["open", "closed"])
@pytest.mark.parametrize("act", ["healthy", "leaving", "staying_silent", "not_this_one"])
def test_a_server_that_leaves_in_good_order_has_failed_nothing(
    breaking: Server, certificate: Path, act: str, stage: JobStage
) -> None:
    ports = cast("dict[str, int]", breaking.said)
    found = speak(over_tls(ports[act], stage, endpoints=(endpoint(POST),)), certificate)
    ledger = found.tally.ledger()
    assert (found.complaint, found.errors, ledger.imbalance()) == ("", {}, "")
    assert ledger.ok == ledger.planned > 0
    assert (ledger.retried > 0) is (act == "not_this_one"), "what it has not touched is sent again"
    assert breaking.truth()[act] == ledger.ok + ledger.retried


@pytest.mark.parametrize(
    "kind", ["garbage", "huge_headers", "endless_body", "torn_body", "reset", "close_at_once"]
)
def test_hostile_http_1_1_is_counted_as_the_generator_counts_it(hostile: dict[str, int], kind: str) -> None:
    what = job(hostile[kind], at_rate(40, 0.5), deadline=1.0, body_cap=1024 * 1024)
    found = speak(what)
    assert found.errors == drive(what).errors
    assert found.tally.ledger().imbalance() == ""


@pytest.mark.parametrize("stage", [at_rate(100, 0.5), with_users(4, 0.3)], ids=["open", "closed"])
def test_a_port_where_nobody_listens_refuses(stage: JobStage) -> None:
    found = speak(over_tls(free_port("127.0.0.1"), stage))
    assert found.errors == {"refused": found.tally.ledger().planned}
    assert found.version.detail == "no connection stood, so none was"


def test_half_open_tls_times_out(hostile: dict[str, int]) -> None:
    found = speak(over_tls(hostile["silent"], at_rate(20, 0.5), deadline=0.5))
    assert found.errors == {"timeout": 10}


def test_a_server_that_drops_idle_connections_is_asked_again() -> None:
    with serving("tests.fakes.scripted_server", "none", "--idle-limit", "0.65") as server:
        found = speak(job(server.port, at_rate(1.25, 3.0)))
    ledger = found.tally.ledger()
    assert (ledger.planned, ledger.ok, found.errors) == (4, 4, {})
    assert ledger.retried >= 3


def test_it_ends_when_nobody_steers_it_and_quietly_without_a_job(quick: Server) -> None:
    found = speak(job(quick.port, at_rate(50, 60.0)), on_line=lambda process: process.stdin.close())
    assert (found.code, found.tally.finished) == (1, set())
    command = [sys.executable, "-m", "battery.load.http2"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert done.stdout == done.stderr == b""


def test_a_name_without_address_is_said_in_one_line() -> None:
    found = speak(job(80, at_rate(10, 0.2), host="no-such-host.invalid"))
    assert found.code == 1
    assert found.complaint.startswith("cannot resolve no-such-host.invalid: ")
    assert found.complaint.count("\n") == 1


def test_without_uvloop_it_works_and_says_so(quick: Server) -> None:
    script = "import sys; sys.modules['uvloop'] = None; import battery.load.http2.__main__ as m; m.main()"
    found = speak(job(quick.port, at_rate(50, 0.5)), command=("-c", script))
    assert (found.tally.ledger().ok, found.complaint) == (25, "")
    assert found.tally.lag_sources == {"timerfd on asyncio"}
