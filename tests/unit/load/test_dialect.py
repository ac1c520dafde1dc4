"""What a fleet's generators are told and how their answers are read."""

import msgspec
import pytest

from battery.load.dialect import Journeys, OwnGenerator
from battery.load.job import Job, JobStage
from battery.load.journeys.job import JourneyJob
from battery.load.journeys.snapshot import JourneySnapshot
from battery.load.snapshot import Series, Snapshot

JOB = Job(
    worker="w0", host="127.0.0.1", port=80, tls=False, verify_tls=True, server_name="", model="open",
    arrivals="poisson", seed=1, phase=0.0, start=0.0, stages=(JobStage(name="s", seconds=1.0, rate_from=1, rate_to=1),),
    endpoints=(),
)  # fmt: skip


def snapshot(worker: str, *endpoints: int) -> Snapshot:
    series = tuple(
        Series(
            stage=0,
            endpoint=number,
            planned=1,
            sent=1,
            ok=1,
            failed=0,
            errors={},
            response={5: 1},
            service={5: 1},
        )
        for number in endpoints
    )
    return Snapshot(
        worker=worker, second=0, stage=0, series=series, lag={}, in_flight=0, waiting=0, connections=1, cpu=0.1,
        rss=1, lag_source="timerfd",
    )  # fmt: skip


def line(
    worker: str, names: tuple[str, ...], faults: dict[str, int] | None = None, known: bool = True
) -> str:
    said = JourneySnapshot(
        snapshot=snapshot(worker, *range(len(names))), names=names, faults=faults or {}, in_flight_known=known
    )
    return msgspec.json.encode(said).decode()


def test_our_own_generator_is_told_and_heard_as_it_is() -> None:
    own = OwnGenerator()
    assert msgspec.json.decode(own.told(JOB), type=Job) == JOB
    heard = snapshot("w0", 0)
    assert own.heard(msgspec.json.encode(heard).decode()) == heard
    assert own.endpoints(("a", "b")) == ("a", "b")
    assert own.proofs() == ()
    assert own.exceptions() == {}


def test_a_locustfile_travels_with_its_job() -> None:
    told = msgspec.json.decode(Journeys("/x/journeys.py", "http://t").told(JOB), type=JourneyJob)
    assert (told.locustfile, told.url, told.job.endpoints) == ("/x/journeys.py", "http://t", ())


def test_processes_that_number_names_differently_agree_in_the_run() -> None:
    journeys = Journeys("/x", "http://t")
    first = journeys.heard(line("w0", ("GET a", "GET b")))
    second = journeys.heard(line("w1", ("GET b", "GET a")))
    assert [series.endpoint for series in first.series] == [0, 1]
    assert [series.endpoint for series in second.series] == [1, 0]
    assert journeys.endpoints(()) == ("GET a", "GET b")


@pytest.mark.parametrize(("faults", "ok"), [({}, True), ({"a listener raised": 2}, False)])
def test_what_the_locustfile_did_wrong_is_a_proof_that_does_not_hold(
    faults: dict[str, int], ok: bool
) -> None:
    journeys = Journeys("/x", "http://t")
    journeys.heard(line("w0", ("GET a",), faults))
    (proof,) = journeys.proofs()
    assert proof.ok is ok
    assert ("a listener raised (2 in w0)" in proof.detail) is not ok


def test_requests_that_cannot_be_seen_in_flight_are_told() -> None:
    journeys = Journeys("/x", "http://t")
    journeys.heard(line("w0", ("grpc",), known=False))
    assert "never ended are not seen" in journeys.proofs()[0].detail


def test_what_was_raised_is_added_up_over_the_processes_and_their_last_word_counts() -> None:
    journeys = Journeys("/x", "http://t")
    for worker, exceptions in (
        ("w0", {"KeyError: 'a'": 1}),
        ("w0", {"KeyError: 'a'": 3, "ValueError: b": 1}),
        ("w1", {"ValueError: b": 7}),
    ):
        said = JourneySnapshot(snapshot=snapshot(worker), names=(), exceptions=exceptions)
        journeys.heard(msgspec.json.encode(said).decode())
    assert list(journeys.exceptions().items()) == [("ValueError: b", 8), ("KeyError: 'a'", 3)]


def test_exceptions_that_all_differ_do_not_fill_the_evidence() -> None:
    journeys = Journeys("/x", "http://t")
    for worker in range(5):
        texts = {f"KeyError: {worker}{number}": 1 for number in range(10)}
        said = JourneySnapshot(snapshot=snapshot(f"w{worker}"), names=(), exceptions=texts)
        journeys.heard(msgspec.json.encode(said).decode())
    assert len(journeys.exceptions()) == 11
    assert sum(journeys.exceptions().values()) == 50
