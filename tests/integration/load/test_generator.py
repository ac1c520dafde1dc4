"""One generator process against real servers."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.integration.load.driving import Server, at_rate, drive, endpoint, job, serving, with_users

POST = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_open_load_sends_what_was_planned(quick: Server) -> None:
    found = drive(job(quick.port, at_rate(400, 1.5)))
    assert found.complaint == ""
    ledger = found.tally.ledger()
    assert (ledger.planned, ledger.ok, ledger.dropped, found.errors) == (600, 600, 0, {})
    assert found.tally.lag.count == 600
    assert sum(second.sent for second in found.slices) == 600
    assert len(quick.truth()["took"]) == 600, "the server's own count"


def test_closed_users_send_one_after_the_other(quick: Server) -> None:
    found = drive(job(quick.port, with_users(3, 0.5), with_users(1, 0.5)))
    ledger = found.tally.ledger()
    assert ledger.imbalance() == ""
    assert ledger.ok == ledger.planned > 100
    assert max(snapshot.connections for snapshot in found.snapshots) <= 3
    assert found.snapshots[-2].connections <= 1
    assert len(quick.truth()["took"]) == ledger.ok


def test_thinking_users_are_slower(quick: Server) -> None:
    found = drive(job(quick.port, with_users(2, 1.0), think=0.1))
    assert 2 <= found.tally.ledger().ok <= 22


def test_bodies_arrive_whole(quick: Server) -> None:
    found = drive(job(quick.port, at_rate(100, 0.5), endpoints=(endpoint(POST),)))
    assert found.tally.ledger().ok == 50
    assert quick.truth()["bodies"] == 50


def test_endpoints_are_chosen_by_weight_with_their_own_cells(quick: Server) -> None:
    pair = (endpoint(name="often", weight=9), endpoint(name="rare", weight=1, body_contains=b"nowhere"))
    found = drive(job(quick.port, at_rate(1000, 1.0), endpoints=pair))
    often, rare = found.tally.cells[0, 0], found.tally.cells[0, 1]
    assert 850 <= often.counts["ok"] <= 950
    assert rare.errors == {"expectation": 1000 - often.counts["ok"]}


def test_arrivals_wait_where_connections_are_limited_and_their_wait_counts() -> None:
    with serving("tests.fakes.scripted_server", "fixed") as server:
        found = drive(job(server.port, at_rate(200, 1.0), connections=2))
    ledger = found.tally.ledger()
    assert (ledger.planned, ledger.ok, ledger.dropped) == (200, 200, 0)
    assert max(snapshot.waiting for snapshot in found.snapshots) > 20
    assert max(snapshot.connections for snapshot in found.snapshots) == 2
    assert found.service(0.5) < found.response(0.5), (
        "2 connections carry 100/s: half of the arrivals queue up"
    )
    assert found.response(0.99) > 500


def test_what_waits_longer_than_the_deadline_times_out() -> None:
    with serving("tests.fakes.scripted_server", "none", "--hang-after", "0.3") as server:
        found = drive(job(server.port, at_rate(100, 0.8), connections=4, deadline=0.4))
    ledger = found.tally.ledger()
    assert ledger.imbalance() == ""
    assert ledger.ok + found.errors["timeout"] == ledger.planned == 80
    assert ledger.ok > 0
    assert found.response(0.99) >= 400


def test_what_is_in_flight_at_the_end_may_finish_in_the_grace() -> None:
    with serving("tests.fakes.scripted_server", "fixed") as server:
        found = drive(job(server.port, at_rate(500, 0.3)))
    assert found.tally.ledger().ok == found.tally.ledger().planned == 150
    assert found.tally.ledger().unfinished == 0


def test_what_never_ends_is_unfinished_with_the_latency_it_reached() -> None:
    with serving("tests.fakes.scripted_server", "none", "--hang-after", "0.01") as server:
        found = drive(job(server.port, at_rate(50, 0.5), deadline=0.5))
    ledger = found.tally.ledger()
    assert ledger.imbalance() == ""
    assert found.errors == {"timeout": ledger.failed}
    assert ledger.failed >= 24
    assert found.response(0.5) >= 450


@pytest.mark.parametrize("stage", [at_rate(2000, 0.5), with_users(8, 0.5)], ids=["open", "closed"])
def test_a_port_where_nobody_listens_refuses(stage: object) -> None:
    found = drive(job(closed_port(), stage))  # type: ignore[arg-type]
    ledger = found.tally.ledger()
    assert found.errors == {"refused": ledger.planned}
    assert ledger.planned == 1000 if found.model == "open" else 8 <= ledger.planned <= 8 * 7


def test_a_server_that_drops_idle_connections_is_asked_again_and_the_ledger_says_so() -> None:
    with serving("tests.fakes.scripted_server", "none", "--idle-limit", "0.65") as server:
        found = drive(job(server.port, at_rate(1.25, 3.0)))
        ledger = found.tally.ledger()
        assert (ledger.planned, ledger.sent, ledger.ok, found.errors) == (4, 4, 4, {})
        assert ledger.retried >= 3
        post = drive(job(server.port, at_rate(1.25, 2.4), endpoints=(endpoint(POST),)))
    assert post.tally.ledger().retried == 0
    assert post.errors["reset"] >= 2, "what is not idempotent is never sent twice"


def test_a_name_without_address_is_said_before_anything_is_sent() -> None:
    found = drive(job(80, at_rate(10, 0.2), host="no-such-host.invalid"))
    assert found.code == 1
    assert found.complaint.startswith("cannot resolve no-such-host.invalid: ")
    assert found.tally.ledger().planned == 0


def test_a_name_with_several_addresses_is_reached_at_the_one_that_listens(quick: Server) -> None:
    found = drive(job(quick.port, at_rate(100, 0.4), host="localhost"))
    assert (found.tally.ledger().ok, found.errors) == (40, {})


def test_ipv6_works() -> None:
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with serving("tests.fakes.scripted_server", "none", "--host", "::1") as server:
        found = drive(job(server.port, at_rate(100, 0.4), host="::1"))
    assert (found.tally.ledger().ok, found.errors) == (40, {})


def test_tls_works_with_an_authority_that_the_environment_names(certificate: Path) -> None:
    with serving("tests.fakes.scripted_server", "none", "--certificate", str(certificate)) as server:
        tls = {"tls": True, "server_name": "127.0.0.1"}
        trusting = os.environ | {"SSL_CERT_FILE": str(certificate)}
        found = drive(job(server.port, at_rate(100, 0.4), **tls), environ=trusting)
        assert (found.tally.ledger().ok, found.errors) == (40, {})
        users = drive(job(server.port, with_users(2, 0.4), **tls), environ=trusting)
        assert users.tally.ledger().ok > 10
        other_name = job(server.port, at_rate(50, 0.4), tls=True, server_name="elsewhere")
        assert drive(other_name, environ=trusting).errors == {"tls": 20}
        assert drive(job(server.port, at_rate(50, 0.4), **tls)).errors == {"tls": 20}, "nobody vouches for it"
        unverified = job(server.port, at_rate(50, 0.4), **tls, verify_tls=False)
        assert drive(unverified).tally.ledger().ok == 20


def test_tls_to_a_plaintext_port_is_an_error_of_tls(hostile: dict[str, int]) -> None:
    found = drive(job(hostile["plaintext"], at_rate(50, 0.4), tls=True, server_name="127.0.0.1"))
    assert found.errors == {"tls": 20}


def test_a_word_on_stdin_ends_it_early_with_a_complete_ledger(quick: Server) -> None:
    def stop(process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        if not process.stdin.closed:
            process.stdin.write(b"stop\n")
            process.stdin.flush()

    found = drive(job(quick.port, at_rate(200, 30.0)), on_line=stop)
    ledger = found.tally.ledger()
    assert found.tally.stopped == found.tally.finished == {"w0"}
    assert ledger.imbalance() == ""
    assert ledger.ok == ledger.planned
    assert 200 <= ledger.planned < 3000


def test_it_ends_when_nobody_steers_it(quick: Server) -> None:
    found = drive(job(quick.port, at_rate(100, 60.0)), on_line=lambda p: p.stdin and p.stdin.close())
    assert found.code == 1
    assert found.tally.finished == set()


def test_without_a_job_it_ends_quietly() -> None:
    command = [sys.executable, "-m", "battery.load.generator"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert done.stdout == done.stderr == b""


def test_more_users_than_descriptors_is_an_error_that_says_so() -> None:
    found = drive(job(1, with_users(1_000_000_000, 1.0)))
    assert found.code == 1
    assert "open files are needed and the system allows" in found.complaint


def test_a_machine_out_of_descriptors_drops_and_never_blames_the_target() -> None:
    script = (
        "import resource, runpy, battery.load.generator.__main__ as m;"
        "m.raise_descriptor_limit = lambda wanted: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24));"
        "m.main()"
    )
    for stage in (at_rate(2000, 0.4), with_users(40, 0.4)):
        with serving("tests.fakes.scripted_server", "fixed") as server:
            found = drive(job(server.port, stage, deadline=0.5), command=("-c", script))
        ledger = found.tally.ledger()
        assert ledger.imbalance() == ""
        assert ledger.ok > 0
        assert ledger.dropped > 0
        assert "reset" not in found.errors
        proof = found.proofs()["the planned rate was sent"]
        assert not proof.ok
        assert "no free descriptor" in proof.detail


def test_an_overloaded_generator_is_invalid_and_ends_on_time(quick: Server) -> None:
    found = drive(job(quick.port, at_rate(2_000_000, 1.0), deadline=0.5))
    ledger = found.tally.ledger()
    assert ledger.planned == 2_000_000
    assert ledger.imbalance() == ""
    proofs = found.proofs()
    assert not proofs["requests left on time"].ok
    assert not proofs["the planned rate was sent"].ok
    assert ledger.dropped > 0
    assert found.seconds < 20, "1 s of load and 0.5 s of grace"
    assert found.peak_rss < 150 * 1024 * 1024


def test_without_uvloop_it_works_and_says_so(quick: Server) -> None:
    script = "import sys; sys.modules['uvloop'] = None; import battery.load.generator.__main__ as m; m.main()"
    for stage in (at_rate(100, 1.2), with_users(2, 0.4)):
        found = drive(job(quick.port, stage), command=("-c", script))
        assert found.complaint == ""
        assert found.tally.ledger().ok == found.tally.ledger().planned > 0
        if found.model == "open":
            assert found.tally.lag_sources == {"timerfd on asyncio"}


def test_without_timerfd_the_loop_s_timer_serves_and_says_so(quick: Server) -> None:
    script = (
        "import battery.load.generator.open_model as o, battery.load.generator.wakeup as w;"
        "o.make_wakeup = w.LoopTimer; import battery.load.generator.__main__ as m; m.main()"
    )
    found = drive(job(quick.port, at_rate(100, 0.6)), command=("-c", script))
    assert found.tally.ledger().ok == 60
    assert found.tally.lag_sources == {"event loop on uvloop"}


@pytest.mark.parametrize(
    ("port", "tls"), [("plaintext", False), ("plaintext", True), ("close_at_once", False), ("refused", False)]
)
def test_nothing_goes_in_circles_while_the_collector_is_off(
    hostile: dict[str, int], port: str, tls: bool
) -> None:
    script = """
import asyncio, gc, sys, time, msgspec, uvloop
from battery.load.generator.engine import Engine
from battery.load.generator.open_model import OpenModel
from battery.load.generator.closed_model import ClosedModel
from battery.load.job import Job
async def work(job, model):
    engine = Engine(msgspec.structs.replace(job, start=time.time()), asyncio.get_running_loop(), lambda _: None)
    engine.model = model(engine)
    gc.collect(); gc.disable(); gc.set_debug(gc.DEBUG_SAVEALL)
    await engine.run()
    gc.collect()
    print(sorted({type(each).__name__ for each in gc.garbage} & {"Connection", "Attempt", "Task", "HttpResponseParser"}))
    gc.garbage.clear()
    gc.set_debug(0)
open_job, closed_job = (msgspec.json.decode(line, type=Job) for line in sys.stdin)
uvloop.run(work(open_job, OpenModel))
uvloop.run(work(closed_job, ClosedModel))
"""
    where = closed_port() if port == "refused" else hostile[port]
    jobs = [
        job(where, stage, tls=tls, server_name="h", deadline=0.5)
        for stage in (at_rate(100, 0.2), with_users(3, 0.2))
    ]
    lines = b"".join(msgspec.json.encode(each) + b"\n" for each in jobs)
    done = subprocess.run([sys.executable, "-c", script], input=lines, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"[]\n[]\n", b"")
