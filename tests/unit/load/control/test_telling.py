"""What whoever watches a worker is told of a job."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.control.telling import Telling
from battery.load.http2.snapshot import Http2Snapshot
from battery.load.job import Job, JobStage
from battery.load.journeys.job import JourneyJob
from battery.load.journeys.snapshot import JourneySnapshot
from battery.load.snapshot import Snapshot
from tests.unit.load.conftest import Make

WARM_UP = JobStage(name="warm-up", seconds=10, rate_from=30, rate_to=30, counted=False)
STEADY = JobStage(name="steady", seconds=60, rate_from=30, rate_to=30)


def a_job(*stages: JobStage, shares: int = 2) -> Job:
    return Job(
        worker="far", host="10.0.0.7", port=80, tls=False, verify_tls=True, server_name="", model="open", arrivals="poisson",
        seed=1, phase=0.0, start=0.0, stages=stages, endpoints=(), profile="P1", shares=shares,
    )  # fmt: skip


def telling(*stages: JobStage, shares: int = 2) -> Telling:
    return Telling(msgspec.json.encode(a_job(*stages, shares=shares)))


def line(said: object) -> bytes:
    return msgspec.json.encode(said) + b"\n"


def test_a_job_begins_with_its_profile_its_target_its_share_and_its_stages() -> None:
    assert telling(WARM_UP, STEADY).begins() == (
        "profile P1 begins against 10.0.0.7:80, here 1/2 of the load: warm-up 10 s at 30/s, steady 60 s at 30/s"
    )


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (JobStage(name="up", seconds=5, rate_from=10, rate_to=50), "up 5 s at 10 to 50/s"),
        (JobStage(name="few", seconds=0.5, users=1), "few 0.5 s with 1 user"),
        (JobStage(name="many", seconds=5, users=128), "many 5 s with 128 users"),
        (JobStage(name="none", seconds=5), "none 5 s with 0 users"),
    ],
)
def test_a_stage_is_told_as_its_model_has_it(stage: JobStage, words: str) -> None:
    assert telling(stage, shares=1).begins().endswith(f"here all of the load: {words}")


def test_many_stages_are_not_all_told() -> None:
    assert telling(*[STEADY] * 20).begins().endswith("steady 60 s at 30/s, and 14 more")


def test_a_stage_is_told_when_it_begins_and_once(snapshot: Make) -> None:
    told = telling(WARM_UP, STEADY)
    said = [told.hears(line(snapshot(second=number, ok=5, stage=int(number > 1)))) for number in range(5)]
    assert said == ["", "", "profile P1: steady 60 s at 30/s", "", ""]


def wrapped(dialect: str, inner: Snapshot) -> object:
    if dialect == "journeys":
        return JourneySnapshot(snapshot=inner, names=("GET a",))
    return Http2Snapshot(snapshot=inner, versions={}) if dialect == "http2" else inner


@pytest.mark.parametrize("dialect", ["own", "journeys", "http2"])
def test_every_dialect_is_counted_until_the_end(snapshot: Make, dialect: str) -> None:
    told = telling(STEADY)
    complete = []
    for part in (snapshot(ok=5, failed=1), snapshot(second=1, ok=4, last=True)):
        told.hears(line(wrapped(dialect, part)))
        complete.append(told.complete)
    assert complete == [False, True]
    assert told.ends() == "profile P1 ended: 10 requests sent, 1 failed"


def test_a_locustfiles_job_is_told_alike() -> None:
    job = JourneyJob(job=a_job(STEADY), locustfile="/x.py", url="http://t")
    assert Telling(msgspec.json.encode(job)).begins().startswith("profile P1 begins against 10.0.0.7:80")


def test_an_early_end_and_a_broken_one_are_told_as_such(snapshot: Make) -> None:
    told = telling(STEADY)
    told.hears(line(snapshot(ok=5, stopped=True, last=True)))
    assert told.ends() == "profile P1 ended early, as the master asked: 5 requests sent, 0 failed"
    assert told.breaks_off("too few descriptors") == (
        "profile P1 broke off after 5 requests sent, 0 failed: too few descriptors; the master was told"
    )


@given(st.binary(max_size=60))
def test_no_line_of_another_version_stops_the_work(text: bytes) -> None:
    told = Telling(text)
    assert told.hears(text) == ""
    assert told.begins()
    assert told.ends().endswith("0 requests sent, 0 failed")
