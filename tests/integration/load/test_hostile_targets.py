"""Targets that are broken or malicious: counted by kind, in bounded memory, and the run ends on time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from battery.load.job import Job
from tests.integration.load.driving import Drive, at_rate, drive, endpoint, job, with_users

MIB = 1024 * 1024
DEADLINE = 0.6
KINDS = {
    "endless_body": "protocol",
    "endless_chunks": "protocol",
    "huge_headers": "protocol",
    "invalid_chunks": "protocol",
    "garbage": "protocol",
    "torn_body": "reset",
    "reset": "reset",
    "close_at_once": "reset",
    "dribble": "timeout",
    "silent": "timeout",
}


def attack(what: Job) -> Drive:
    """Drive it to its end."""
    return held(drive(what))


def held(found: Drive) -> Drive:
    """Memory, time and ledger hold whatever the target did."""
    assert found.code == 0, found.complaint
    assert found.complaint == ""
    assert found.peak_rss < 150 * MIB
    assert found.tally.ledger().imbalance() == ""
    assert found.seconds < 15, "the run is 0.6 s, its grace another 0.6 s"
    return found


@pytest.fixture(scope="module")
def attacked(hostile: dict[str, int]) -> dict[str, Drive]:
    """An open load on each kind; two at a time, as these runs mostly wait."""
    jobs = [
        # only what must time out gets little time: a busy machine may need more for the others
        job(port, at_rate(40, 0.6), deadline=DEADLINE if KINDS[does] == "timeout" else 4.0)
        for does, port in hostile.items()
        if does in KINDS
    ]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(drive, jobs)
        return dict(zip((does for does in hostile if does in KINDS), found, strict=True))


@pytest.mark.parametrize(("does", "kind"), KINDS.items())
def test_an_open_load_counts_every_failure_by_its_kind(
    attacked: dict[str, Drive], does: str, kind: str
) -> None:
    found = held(attacked[does])
    assert found.errors == {kind: 24}
    assert found.tally.ledger().planned == 24


@pytest.mark.parametrize("does", ["endless_body", "close_at_once", "silent"])
def test_closed_users_meet_the_same(hostile: dict[str, int], does: str) -> None:
    found = attack(job(hostile[does], with_users(4, 0.6), deadline=DEADLINE))
    assert set(found.errors) == {KINDS[does]}
    assert found.tally.ledger().ok == 0
    assert found.tally.ledger().failed >= 4


def test_users_of_a_target_that_hangs_up_pause_before_they_come_again(hostile: dict[str, int]) -> None:
    found = attack(job(hostile["close_at_once"], with_users(4, 0.6), deadline=DEADLINE))
    assert found.tally.ledger().failed <= 4 * 7, "at most one attempt per user and 0.1 s"


def test_a_handshake_that_never_ends_is_a_timeout(hostile: dict[str, int]) -> None:
    for stage in (at_rate(40, 0.6), with_users(4, 0.6)):
        found = attack(job(hostile["silent"], stage, deadline=DEADLINE, tls=True, server_name="h"))
        assert set(found.errors) == {"timeout"}


def test_a_gzip_bomb_is_never_unpacked(hostile: dict[str, int]) -> None:
    found = attack(job(hostile["gzip_bomb"], at_rate(40, 0.6)))
    assert found.tally.ledger().ok == 24
    wanting = (endpoint(body_contains=b"\0" * 8 + b"text"),)
    found = attack(job(hostile["gzip_bomb"], at_rate(40, 0.6), endpoints=wanting))
    assert found.errors == {"expectation": 24}


def test_a_body_searched_without_end_keeps_memory_bounded(hostile: dict[str, int]) -> None:
    found = attack(job(hostile["endless_body"], at_rate(20, 0.6), endpoints=(endpoint(body_contains=b"no"),)))
    assert found.errors == {"protocol": 12}


def test_an_answer_that_comes_twice_counts_once(hostile: dict[str, int]) -> None:
    found = attack(job(hostile["twice"], at_rate(40, 0.6)))
    assert (found.tally.ledger().ok, found.errors) == (24, {})
