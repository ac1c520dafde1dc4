"""The HTTP/2 generator against a real nginx."""

import contextlib
import subprocess
import time
from pathlib import Path

import pytest

from battery.load.fleet import Fleet
from battery.load.http2.dialect import Http2Generator
from battery.load.job import JobStage
from battery.load.snapshot import Snapshot
from battery.load.tally import Tally
from tests.integration.load.driving import Server, at_rate, endpoint, job, serving, with_users
from tests.integration.load.http2_driving import BEHIND, POST, nginx, over_tls, speak

UNHURRIED = 6.0  # seconds for a generator to come up under Locust, on a machine that others use


@pytest.mark.real("nginx")
@pytest.mark.parametrize("stage", [at_rate(200, 1.5), with_users(3, 1.0)], ids=["open", "closed"])
def test_http_2_is_negotiated_and_every_request_is_counted(
    tmp_path: Path, certificate: Path, stage: JobStage
) -> None:
    expecting = (endpoint(body_contains=b"HTTP/2.0 GET"),)
    with nginx(tmp_path, certificate) as port:
        found = speak(over_tls(port, stage, endpoints=expecting), certificate)
    ledger = found.tally.ledger()
    assert (found.complaint, found.errors, ledger.imbalance()) == ("", {}, "")
    assert ledger.ok == ledger.planned >= (300 if found.model == "open" else 3)
    assert found.version.ok
    assert found.version.detail.startswith("HTTP/2 on ")
    if found.model == "open":
        assert found.tally.lag.count == 300
        assert found.tally.lag_sources == {"timerfd on uvloop"}


@pytest.mark.real("nginx")
def test_a_target_without_http_2_is_spoken_to_in_http_1_1_and_that_is_told(
    tmp_path: Path, certificate: Path
) -> None:
    expecting = (endpoint(body_contains=b"HTTP/1.1 GET"),)
    with nginx(tmp_path, certificate, http2="") as port:
        found = speak(over_tls(port, at_rate(100, 0.5), endpoints=expecting), certificate)
    assert (found.tally.ledger().ok, found.errors) == (50, {})
    assert found.version.detail.startswith("HTTP/1.1 on ")


def test_without_tls_it_is_http_1_1(quick: Server) -> None:
    found = speak(job(quick.port, at_rate(100, 0.5), endpoints=(endpoint(POST),)))
    assert (found.tally.ledger().ok, found.errors) == (50, {})
    assert found.version.detail.startswith("HTTP/1.1 on ")
    assert quick.truth()["bodies"] == 50


@pytest.mark.real("nginx")
def test_methods_bodies_and_statuses_arrive_as_they_are(tmp_path: Path, certificate: Path) -> None:
    each = (
        endpoint(POST, name="post", body_contains=b"HTTP/2.0 POST"),
        endpoint(b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", name="head"),
        endpoint(name="not so", body_contains=b"nowhere"),
        endpoint(b"GET /behind HTTP/1.1\r\nHost: h\r\n\r\n", name="502", status=(200,)),
    )
    with nginx(tmp_path, certificate) as port:
        found = speak(over_tls(port, at_rate(200, 1.0), endpoints=each), certificate)
    cells = [found.tally.cells[0, index] for index in range(4)]
    assert [cell.errors for cell in cells[:2]] == [{}, {}]
    assert all(cell.counts["ok"] > 0 for cell in cells[:2])
    assert cells[2].errors == {"expectation": cells[2].counts["failed"]}
    assert cells[3].errors == {"status": cells[3].counts["failed"]}
    assert min(cell.counts["sent"] for cell in cells) > 0
    assert found.tally.ledger().imbalance() == ""


@pytest.mark.real("nginx")
def test_a_certificate_that_nobody_vouches_for_is_an_error_of_tls(tmp_path: Path, certificate: Path) -> None:
    with nginx(tmp_path, certificate) as port:
        assert speak(over_tls(port, at_rate(50, 0.4))).errors == {"tls": 20}
        other = over_tls(port, at_rate(50, 0.4), server_name="elsewhere")
        assert speak(other, certificate).errors == {"tls": 20}
        unverified = speak(over_tls(port, at_rate(50, 0.4), verify_tls=False))
    assert unverified.tally.ledger().ok == 20


@pytest.mark.real("nginx")
def test_an_nginx_that_says_goodbye_every_few_requests_has_failed_none(
    tmp_path: Path, certificate: Path
) -> None:
    with nginx(tmp_path, certificate, each=20) as port:
        for stage in (at_rate(200, 1.5), with_users(3, 0.8)):
            found = speak(over_tls(port, stage, endpoints=(endpoint(POST),)), certificate)
            ledger = found.tally.ledger()
            assert (found.errors, ledger.retried, ledger.dropped) == ({}, 0, 0)
            assert ledger.ok == ledger.planned > 60


@pytest.mark.real("nginx")
def test_known_latencies_are_reported(tmp_path: Path, certificate: Path) -> None:
    with (
        serving("tests.fakes.scripted_server", "bimodal") as server,
        nginx(tmp_path, certificate, behind=server.port) as port,
    ):
        found = speak(over_tls(port, at_rate(100, 2.0), endpoints=BEHIND), certificate)
        took = sorted(server.truth()["took"])
    assert (found.tally.ledger().ok, len(took)) == (200, 200)
    for q in (0.5, 0.95):
        true = took[int(200 * q) - 1] / 1e6
        assert found.service(q) >= true * 0.99, "nothing is faster than the server itself"
    noise = found.tally.lag.quantile(0.99).value or 0.0
    assert found.service(0.5) < 45 + noise, "four of five take 5 ms, the others 50"


@pytest.mark.real("nginx")
def test_a_target_that_hangs_fails_by_timeout_and_the_run_ends_on_time(
    tmp_path: Path, certificate: Path
) -> None:
    with (
        serving("tests.fakes.scripted_server", "none", "--hang-after", "0.5") as server,
        nginx(tmp_path, certificate, behind=server.port) as port,
    ):
        job_ = over_tls(port, at_rate(60, 1.5), endpoints=BEHIND, deadline=0.6)
        found = speak(job_, certificate)
    ledger = found.tally.ledger()
    assert (ledger.imbalance(), ledger.planned, ledger.dropped) == ("", 90, 0)
    assert found.errors == {"timeout": ledger.failed}
    assert ledger.ok > 0
    assert ledger.failed >= 30
    assert found.response(0.9) >= 500
    assert found.seconds < 20


@pytest.mark.real("nginx")
def test_users_of_a_target_that_hangs_come_back_and_are_counted(tmp_path: Path, certificate: Path) -> None:
    with (
        serving("tests.fakes.scripted_server", "none", "--hang-after", "0.01") as server,
        nginx(tmp_path, certificate, behind=server.port) as port,
    ):
        found = speak(over_tls(port, with_users(4, 1.5), endpoints=BEHIND, deadline=0.4), certificate)
    ledger = found.tally.ledger()
    assert ledger.imbalance() == ""
    assert found.errors == {"timeout": ledger.failed}
    assert ledger.failed >= 8, "each of four users at least twice"


@pytest.mark.real("nginx")
@pytest.mark.parametrize(("kind", "errors"), [("endless_body", {"protocol": 10}), ("gzip_bomb", {})])
def test_a_body_over_the_cap_is_cut_off_and_none_is_unpacked(
    tmp_path: Path, certificate: Path, hostile: dict[str, int], kind: str, errors: dict[str, int]
) -> None:
    with nginx(tmp_path, certificate, behind=hostile[kind]) as port:
        found = speak(over_tls(port, at_rate(20, 0.5), endpoints=BEHIND, body_cap=1024 * 1024), certificate)
    assert found.errors == errors
    assert found.tally.ledger().ok == 10 - sum(errors.values())
    assert found.peak_rss < 150 * 1024 * 1024


@pytest.mark.real("nginx")
def test_a_word_on_stdin_ends_it_early_with_a_complete_ledger(tmp_path: Path, certificate: Path) -> None:
    def stop(process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(b"stop\n")
            process.stdin.flush()

    with nginx(tmp_path, certificate) as port:
        found = speak(over_tls(port, at_rate(100, 30.0)), certificate, stop)
    ledger = found.tally.ledger()
    assert found.tally.stopped == found.tally.finished == {"w0"}
    assert (ledger.imbalance(), found.errors) == ("", {})
    assert 100 <= ledger.planned == ledger.ok < 2000


@pytest.mark.real("nginx")
def test_a_fleet_drives_it_under_locust_and_proves_what_was_spoken(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    dialect = Http2Generator()
    with nginx(tmp_path, certificate) as port, Fleet(1, dialect=dialect) as fleet:
        tally = Tally(fleet.workers, lambda _: None)
        told = over_tls(port, at_rate(100, 1.0), start=time.time() + UNHURRIED)
        for news in fleet.run({"w0": told}, 30.0):
            assert isinstance(news, Snapshot), news
            tally.add(news)
    assert (tally.ledger().ok, tally.finished) == (100, {"w0"})
    assert dialect.proofs()[0].detail.startswith("HTTP/2 on ")
