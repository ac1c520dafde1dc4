"""A user's own Locust users under the battery's ledger, in real processes against a real server."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from battery.load.job import JobStage
from tests.integration.load.journeys.conftest import Process, Shop, rate, users

Begin = Callable[..., Process]
CLIENTS = ("requests", "fast")
each_client = pytest.mark.parametrize("client", CLIENTS)


@each_client
def test_closed_users_step_at_the_edges_and_every_request_is_in_the_ledger(
    begin: Begin, shop: Shop, client: str
) -> None:
    told = begin(users(2, 0.5), users(6, 0.5), users(1, 0.4), does=f"CLIENT={client}").told()
    assert told.code == 0, told.errors
    assert told.ledger.imbalance() == ""
    assert told.ledger.failed == told.ledger.dropped == told.ledger.unfinished == 0
    assert {"POST /login", "GET /items", "GET /cart"} <= set(told.names.all())
    for name, path in (("GET /items", "/items"), ("GET /cart", "/cart"), ("POST /login", "/login")):
        assert told.counts(name)["sent"] == shop.asked[path], name
    logins = [told.counts("POST /login", stage)["sent"] for stage in range(3)]
    assert logins == [2, 4, 0]
    assert shop.asked["/logout"] == 6
    assert told.counts("POST /logout")["sent"] == 5  # the last one left after the end
    assert [each.snapshot.second for each in told.said] == [0, 1, 2]
    assert told.last.last
    assert told.last.lag_source == "none: closed"


@each_client
def test_each_open_arrival_is_one_journey_on_a_pooled_user(begin: Begin, shop: Shop, client: str) -> None:
    told = begin(rate(40, 1.5), model="open", does=f"CLIENT={client} WAIT=30").told()
    assert told.code == 0, told.errors
    assert told.ledger.imbalance() == ""
    assert told.counts("GET /items")["ok"] == told.counts("GET /cart")["ok"] == shop.asked["/cart"] == 60
    assert told.counts("POST /login")["sent"] == 16
    assert told.tally.lag.count == 60
    assert told.last.lag_source.endswith("on gevent")


def test_what_a_locustfile_prints_never_mixes_with_snapshots(begin: Begin) -> None:
    told = begin(users(1, 0.2)).told()
    assert told.said
    assert "must not end up among the snapshots" in told.errors


def test_a_judgement_of_the_locustfile_is_an_expectation_that_failed(begin: Begin, shop: Shop) -> None:
    shop.cart = b"empty"
    processes = [begin(users(1, 0.4), does=f"CLIENT={client}") for client in CLIENTS]
    for told in [process.told() for process in processes]:
        cart = told.counts("GET /cart")
        assert cart["failed"] == cart["expectation"] == cart["sent"] > 0
        assert told.counts("GET /items")["failed"] == 0
        assert told.ledger.imbalance() == ""


def test_failures_are_named_by_their_facts(begin: Begin) -> None:
    processes = [begin(users(1, 1.0), does=f"CLIENT={client} STEP=fail") for client in CLIENTS]
    for told in [process.told() for process in processes]:
        assert told.ledger.imbalance() == ""
        assert told.counts("GET /error")["status"] == told.counts("GET /error")["sent"] > 0
        assert told.counts("GET /close")["reset"] == told.counts("GET /close")["sent"] > 0
        assert told.counts("GET /judged")["status"] == told.counts("GET /judged")["sent"] > 0
        assert told.counts("GET /welcome")["ok"] == told.counts("GET /welcome")["sent"] > 0


@pytest.mark.parametrize(("model", "stage"), [("closed", users(3, 0.5)), ("open", rate(6, 0.5))])
def test_a_server_that_hangs_until_after_the_end_is_seen(begin: Begin, model: str, stage: JobStage) -> None:
    processes = [begin(stage, model=model, does=f"CLIENT={client} STEP=hang") for client in CLIENTS]
    for told in [process.told() for process in processes]:
        hung = told.counts("GET /hang")
        assert hung["failed"] == hung["timeout"] == 3
        assert told.worst("GET /hang") >= 1000
        assert told.said[0].snapshot.in_flight == 3
        assert told.last.in_flight == 0
        assert told.ledger.imbalance() == ""


def test_an_answer_that_drips_ends_at_the_deadline(begin: Begin) -> None:
    processes = [begin(users(2, 0.5), deadline=0.6, does=f"CLIENT={client} STEP=drip") for client in CLIENTS]
    for told in [process.told() for process in processes]:
        dripped = told.counts("GET /drip")
        assert dripped["timeout"] == dripped["sent"] == 2
        assert 600 <= told.worst("GET /drip") < 1500


def test_a_request_that_ends_in_the_grace_is_well(begin: Begin, shop: Shop) -> None:
    process = begin(users(2, 0.5), deadline=10.0, does="STEP=hang")
    process.first_line()
    shop.awake.set()
    began = time.monotonic()
    told = process.told()
    assert time.monotonic() - began < 3
    assert told.counts("GET /hang")["ok"] == shop.asked["/hang"] == 2
    assert told.said[-1].snapshot.unfinished == 0


def test_arrivals_past_the_limit_wait_and_their_wait_counts(begin: Begin, shop: Shop) -> None:
    process = begin(rate(10, 1.0), model="open", connections=1, deadline=10.0, does="STEP=hang")
    said = process.first_line()["snapshot"]
    assert (said["connections"], said["in_flight"], said["waiting"]) == (1, 1, 9)
    shop.awake.set()
    told = process.told()
    assert told.counts("GET /hang")["ok"] == 10
    assert told.worst("GET /hang") >= 1000
    assert told.ledger.imbalance() == ""


def test_an_exception_about_an_answer_counts_against_that_answer(begin: Begin) -> None:
    processes = [
        begin(users(1, 0.3), does="STEP=misread"),
        begin(rate(20, 0.3), model="open", does="STEP=misread"),
    ]
    for told in [process.told() for process in processes]:
        found = told.counts("GET /misread")
        assert found["exception"] == found["sent"] > 0
        assert told.said[-1].exceptions == {"KeyError: 'no such key'": found["sent"]}
        assert told.errors.count("KeyError: 'no such key'") == 1
        assert told.code == 0


def test_an_answer_that_was_to_be_judged_and_never_was_has_failed(begin: Begin) -> None:
    told = begin(users(1, 0.3), does="STEP=forget").told()
    found = told.counts("GET /forgotten")
    assert found["expectation"] == found["sent"] > 0
    assert told.ledger.imbalance() == ""


def test_a_journey_without_a_request_is_dropped_never_passed(begin: Begin) -> None:
    told = begin(rate(10, 0.5), model="open", does="STEP=nothing").told()
    assert told.ledger.imbalance() == ""
    assert told.ledger.dropped == told.counts("(journey without a request)")["planned"] == 5
    assert told.tally.shortages["a journey that made no request"] == 5


def test_another_protocol_is_counted_and_its_unseen_starts_are_told(begin: Begin) -> None:
    processes = [
        begin(users(1, 0.3), does="STEP=transfer"),
        begin(rate(20, 0.5), model="open", does="STEP=transfer"),
    ]
    for told in [process.told() for process in processes]:
        assert told.counts("RPC transfer")["ok"] > 0
        assert told.ledger.imbalance() == ""
        assert told.ledger.dropped == 0
        assert not told.said[-1].in_flight_known


def test_a_sequence_is_one_journey_in_an_open_model(begin: Begin, shop: Shop) -> None:
    told = begin(rate(20, 0.5), model="open", does="SEQUENCE=1").told()
    assert told.code == 0, told.errors
    assert [told.counts(f"GET /{name}")["ok"] for name in ("one", "two", "three")] == [10, 10, 10]


def test_a_closed_user_who_waits_leaves_at_once(begin: Begin) -> None:
    began = time.monotonic()
    told = begin(users(2, 0.4), does="SEQUENCE=1", deadline=20.0).told()
    assert time.monotonic() - began < 8
    assert told.counts("GET /one")["ok"] == 2
    assert told.counts("GET /two")["sent"] == 0


def test_a_listener_that_raises_is_told_and_ends_in_an_exit_code(begin: Begin) -> None:
    told = begin(users(1, 0.3), does="LISTENER=1").told()
    assert told.code == 70
    assert told.said[-1].faults["an exception in a listener of request"] >= told.ledger.sent
    assert told.errors.count("RuntimeError: the listener broke") == 1
    assert "Traceback" in told.errors
    assert told.ledger.imbalance() == ""
    assert told.ledger.failed == 0


@pytest.mark.parametrize(
    ("locustfile", "words"),
    [
        ("journeys_unimportable.py", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("journeys_without_user.py", "defines no User class"),
        ("journeys_that_is_not_there.py", "FileNotFoundError"),
    ],
)
def test_a_locustfile_that_cannot_be_used_is_told_before_any_load(
    begin: Begin, shop: Shop, locustfile: str, words: str
) -> None:
    told = begin(users(1), locustfile=locustfile).told()
    assert told.code == 64
    assert not told.said
    assert words in told.errors.splitlines()[-1]
    assert locustfile in told.errors.splitlines()[-1]
    assert ("Traceback" in told.errors) == ("without_user" not in locustfile)
    assert not shop.asked


def test_those_who_leave_at_an_edge_say_goodbye_in_full(begin: Begin, shop: Shop) -> None:
    told = begin(users(150, 1.0), users(1, 1.0), deadline=5.0, does="WAIT=0.3").told()
    assert told.code == 0
    assert told.ledger.failed == 0
    assert told.counts("POST /logout")["ok"] == 149
    assert told.ledger.imbalance() == ""


@pytest.mark.parametrize(("model", "stage"), [("closed", users(2, 5.0)), ("open", rate(5, 5.0))])
def test_an_on_start_that_raises_ends_the_run_with_its_traceback(
    begin: Begin, shop: Shop, model: str, stage: JobStage
) -> None:
    told = begin(stage, model=model, locustfile="journeys_bad_start.py").told()
    assert told.code == 64
    assert not [each for each in told.said if each.snapshot.last]
    assert "Traceback" in told.errors
    assert "LookupError: no password for the test user" in told.errors.splitlines()[-1]
    assert not shop.asked


@pytest.mark.parametrize("locustfile", ["", "journeys_endless.py"])
def test_the_end_of_stdin_ends_it_within_two_seconds(begin: Begin, shop: Shop, locustfile: str) -> None:
    process = begin(users(2, 30.0), locustfile=locustfile)
    while not shop.asked["/items"]:
        time.sleep(0.02)
    assert process.process.stdin is not None
    process.process.stdin.close()
    began = time.monotonic()
    assert process.process.wait(timeout=5) == 1
    assert time.monotonic() - began < 2


def test_a_wish_to_stop_ends_it_early_with_a_whole_ledger(begin: Begin, shop: Shop) -> None:
    process = begin(users(2, 30.0))
    process.first_line()
    assert process.process.stdin is not None
    process.process.stdin.write(b"stop\n")
    process.process.stdin.flush()
    told = process.told()
    assert told.code == 0
    assert told.last.stopped
    assert told.last.last


def test_as_a_command_it_ends_when_nobody_has_a_job() -> None:
    command = [sys.executable, "-P", "-m", "battery.load.journeys"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_it_begins_at_the_common_start(begin: Begin, shop: Shop) -> None:
    process = begin(users(1, 0.5))
    assert process.told().code == 0
    assert 0 <= shop.first["/login"] - process.start < 0.25


def test_a_process_that_is_not_ready_at_the_common_start_says_so(begin: Begin) -> None:
    told = begin(users(1, 1.0), start=time.time() - 0.5).told()
    assert told.code == 70
    assert told.said[-1].faults == {"not ready at the common start": 1}


def test_a_target_that_refuses_is_the_targets_failure(begin: Begin, shop: Shop) -> None:
    shop.shutdown()
    shop.server_close()
    processes = [begin(users(1, 0.4)), begin(rate(10, 0.4), model="open")]
    for told in [process.told() for process in processes]:
        assert told.code == 0, told.errors
        assert told.ledger.imbalance() == ""
        assert told.ledger.sent == told.ledger.failed > 0
        assert told.counts("GET /items")["refused"] == told.counts("GET /items")["sent"] > 0
