"""What a profile's run leaves behind."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from battery.load.evidence import Observed, record_result
from battery.load.gpu import GpuMeter, GpuUse
from battery.load.instrument import LoadRequest, LoadResult
from battery.load.resources import Usage
from battery.load.soak.hopeless import Hopeless
from battery.load.soak.spool import Spool
from battery.load.table import rows_of
from battery.load.tally import Slice, Tally
from battery.load.watching import Watched
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Endpoint, Target
from battery.recording import Record
from battery.store import RunFolder
from tests.fakes.plans import NOW, a_plan
from tests.unit.load.conftest import Make
from tests.unit.load.soak.seconds import reading, second

Model = Literal["open", "closed"]
NO_GPU = "no GPU: none is plugged in"
SECRET = "hunter22-hunter22"


def a_spool(folder: Path, *items: Slice | Usage) -> Spool:
    spool = Spool(folder / "work")
    spool.begin()
    with spool:
        for item in items:
            spool.add(item)
    return spool


def observed(spool: Spool, *gaps: str, **clocks: str) -> Observed:
    return Observed.of(spool, Watched(None, GpuMeter(None, NO_GPU), "its metrics at /metrics"), gaps, clocks)


def test_what_was_observed_is_what_the_spool_holds(tmp_path: Path) -> None:
    spool = a_spool(tmp_path, second(0), reading(0), second(1))
    found = observed(spool)
    assert list(found.seconds) == [second(0), second(1)]
    assert list(found.usage) == [reading(0)]
    assert found.raw == spool.raw()
    assert found.raw[0].count(b"\n") == 2


def test_where_the_readings_come_from_and_why_there_is_no_gpu_is_always_told(tmp_path: Path) -> None:
    found = observed(a_spool(tmp_path))
    assert found.facts == {"gpu": NO_GPU, "target resources read from": "its metrics at /metrics"}


def test_a_gpu_that_was_read_is_told_with_its_use(tmp_path: Path) -> None:
    uses = [GpuUse(name="H1", utilisation=float(busy), memory=100.0 + busy) for busy in (20, 40)]
    readings = [msgspec.structs.replace(reading(at), gpus=(use,)) for at, use in enumerate(uses)]
    found = observed(a_spool(tmp_path, *readings))
    assert found.facts["gpu"] == "H1: 30 % busy on average, 40 % at most, 140 MiB at most"


def test_gaps_and_remote_clocks_are_told_where_there_are_any(tmp_path: Path) -> None:
    found = observed(
        a_spool(tmp_path), "nothing is known of 5 s", "nor of 7 s", far="1.0 ms ahead", near="2.0 ms behind"
    )
    assert found.facts["not watched"] == "nothing is known of 5 s; nor of 7 s"
    assert found.facts["remote clocks"] == "far 1.0 ms ahead; near 2.0 ms behind"


class Bench:
    """A record in a run folder, and a profile of one steady stage."""

    def __init__(self, folder: Path) -> None:
        self.run = RunFolder.create(folder, a_plan())
        self.record = Record(self.run, (SECRET,), lambda done, text: None, work=folder / "work")
        self._folder = folder
        self.endpoints: tuple[Endpoint, ...] = ()
        self.stages_of: tuple[Stage, ...] = ()

    def recorded(
        self, tally: Tally, seconds: list[Slice], profile: str = "P1", *, model: Model = "open", **result: Any
    ) -> Evidence:
        load: dict[str, Any] = {"rate": "60/s"} if model == "open" else {"users": 4}
        shape = Shape(stages=self.stages_of or (Stage(name="steady", duration="60 s", **load),))
        asked = LoadRequest(
            definition=Definition(target=Target(url="http://127.0.0.1:1"), endpoint=self.endpoints),
            profile=Profile(
                id=profile, title="t", why="", model=model, smoke=shape, standard=shape, full=shape
            ),
            intensity="full",
            seed=1,
            workers=1,
            limit_ms=800.0,
        )
        record_result(
            self.record,
            LoadResult(asked, tally, ("home",), **result),
            observed(a_spool(self._folder, *seconds)),
        )
        return self.record.evidence(
            check="load.p1", mode="real", plan="d" * 64, gates=("G2",), status="measured", reason="", started=NOW, seconds=1,
        )  # fmt: skip

    def stages(self, found: Evidence) -> bytes:
        return self.run.read_blob(next(blob.sha256 for blob in found.blobs if blob.name == "stages"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def tally(snapshot: Make) -> Tally:
    made = Tally(("w0",), lambda _: None)
    made.add(snapshot(ok=300, failed=2))
    made.add(snapshot(second=1, last=True))
    return made


Raised = Callable[[dict[str, int]], Evidence]


@pytest.fixture
def raised(bench: Bench, tally: Tally) -> Raised:
    """The evidence of a run whose locustfile raised these."""
    return lambda exceptions: bench.recorded(tally, [second(0)], exceptions=exceptions)


def test_what_the_locustfile_raised_is_a_fact_with_the_most_frequent_first(raised: Raised) -> None:
    found = raised({"KeyError: 'price'": 2, "ValueError: no JSON": 12})
    assert found.facts["exceptions"] == "ValueError: no JSON (12x); KeyError: 'price' (2x)"


def test_a_run_without_exceptions_says_nothing_of_them(raised: Raised) -> None:
    assert "exceptions" not in raised({}).facts


def test_a_secret_in_an_exception_is_masked_before_it_is_cut(bench: Bench, raised: Raised) -> None:
    text = f"ValueError: {'x' * 180} {SECRET}"
    found = raised({text: 1})
    assert SECRET[:6] not in found.facts["exceptions"]
    assert SECRET[:6] not in bench.stages(found).decode()
    assert "[redact" in found.facts["exceptions"]


def test_an_exception_without_end_is_shown_in_few_words(bench: Bench, raised: Raised) -> None:
    found = raised({"ValueError: " + "long " * 300: 3})
    assert len(found.facts["exceptions"]) < 220
    assert found.facts["exceptions"].endswith("… (3x)")
    assert list(json.loads(bench.stages(found))["exceptions"].values()) == [3]


def test_the_table_is_read_back_from_the_stages(bench: Bench, tally: Tally) -> None:
    (row,) = rows_of(bench.stages(bench.recorded(tally, [second(0)])))
    assert (row.profile, row.stage, row.endpoint, row.sent, row.failed) == ("P1", "steady", "home", 302, 2)
    assert row.errors == {"status": 2}


def test_seconds_that_stand_out_are_left_out_of_the_growth_and_counted(bench: Bench, tally: Tally) -> None:
    seconds = [second(number, p50=25.0 if 20 <= number < 26 else 5 + number % 3 / 10) for number in range(60)]
    found = bench.recorded(tally, seconds, "P4")
    assert found.facts["left out of the latency's growth"] == (
        "6 of 60 seconds: they stood out above the others' course"
    )
    grown = next(each for each in found.measures if each.name == "load.p4.latency.growth")
    assert grown.n == 54
    assert grown.upper == pytest.approx(0, abs=0.1)


def test_only_a_soak_has_a_growth(bench: Bench, tally: Tally) -> None:
    found = bench.recorded(tally, [second(number) for number in range(60)])
    assert not [each for each in found.measures if each.name.endswith(".growth")]
    assert "left out of the latency's growth" not in found.facts


def test_an_endpoint_is_judged_by_its_own_requests_and_one_that_had_none_by_nothing(
    bench: Bench, tally: Tally
) -> None:
    bench.endpoints = (
        Endpoint(name="cart", path="/cart", errors=5),
        Endpoint(name="home", path="/", errors=5),
    )
    found = bench.recorded(tally, [second(0)])
    measures = {each.name: each.n for each in found.measures}
    assert measures["load.p1.home.errors"] == 302
    assert "load.p1.cart.errors" not in measures, (
        "a locustfile that made no such request says nothing about it"
    )


def test_too_few_requests_for_a_limit_are_told(bench: Bench, tally: Tally) -> None:
    bench.endpoints = (Endpoint(name="home", path="/", errors=0.1),)
    found = bench.recorded(tally, [second(0)])
    assert found.facts["too few requests"].startswith(
        "endpoint home: 302 requests finished, its errors limit of 0.1 % in battery.toml needs 2995 "
    )


def test_a_run_that_ended_early_records_only_what_is_lost(bench: Bench, tally: Tally) -> None:
    lost = Hopeless(measure="load.p1.errors", why="2 requests failed")
    found = bench.recorded(tally, [second(0)], ended_early=lost)
    assert [each.name for each in found.measures] == ["load.p1.errors"]
    assert found.facts["ended early"] == "2 requests failed; nothing else is judged by what was not run"


def test_a_closed_profile_leaves_its_curve(bench: Bench, tally: Tally) -> None:
    found = json.loads(bench.stages(bench.recorded(tally, [second(0)], "P2", model="closed")))
    (point,) = found["curve"]["points"]
    assert (point["users"], point["throughput"]) == (4, 302 / 60)
    assert found["spike"] is None


def test_a_spike_leaves_its_recovery(bench: Bench, tally: Tally) -> None:
    rates = (("base", "10/s"), ("spike", "100/s"), ("after", "10/s"))
    bench.stages_of = tuple(Stage(name=name, duration="10 s", rate=rate) for name, rate in rates)
    seconds = [second(number, stage=number // 10) for number in range(30)]
    found = json.loads(bench.stages(bench.recorded(tally, seconds, "P3")))
    assert found["spike"]["seconds"] == 0


def test_an_endpoint_whose_requests_never_met_it_has_no_latency(bench: Bench, snapshot: Make) -> None:
    tally = Tally(("w0",), lambda _: None)
    tally.add(snapshot(ok=300, failed=10))
    tally.cells[0, 0].errors["refused"] += 10
    found = bench.recorded(tally, [second(0)])
    assert [each.name for each in found.measures] == ["load.p1.errors"]
