"""One sitting of a profile: each second is taken, kept and told; it goes on from an earlier one, and ends early."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from battery.errors import EvidenceCorrupt
from battery.load.instrument import LoadRequest
from battery.load.resources import Usage
from battery.load.soak.hopeless import Hopeless
from battery.load.soak.sitting import Sitting
from battery.load.tally import Slice, Tally
from battery.model.definition import Definition, LoadChoice
from battery.model.gate import Rule
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Target
from battery.recording import Record
from battery.store import RunFolder
from tests.fakes.plans import a_plan
from tests.unit.load.conftest import Make
from tests.unit.load.soak.seconds import reading, second

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = {
    "errors": Rule(
        id="load.p4.errors", measure="load.p4.errors", operator="<", limit=1, unit="%", bound="upper", why="", next_step="",
    ),
    "memory": Rule(
        id="load.p4.memory.growth", measure="load.p4.memory.growth", operator="<=", limit=5, unit="MiB", bound="upper",
        why="", next_step="",
    ),
}  # fmt: skip


class LeakingTarget:
    """A target that holds `leak` MiB more with each second; it is seen until `gone`."""

    def __init__(self, leak: float = 0.0, gone: int = 10**9) -> None:
        self.leak, self.gone = leak, gone

    def read(self, number: int) -> Usage | None:
        return reading(number, 100 + self.leak * number) if number < self.gone else None


class Bench:
    """A record that remembers what it was told, and a clock that is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        self.steps: list[tuple[float, str]] = []
        self.now = START
        run = RunFolder.create(folder, a_plan())
        self.record = Record(
            run,
            (),
            lambda done, text: self.steps.append((done, text)),
            told=self.told.append,
            work=folder / "work",
        )

    def sitting(self, request: LoadRequest, watch: LeakingTarget | None = None, *rules: str) -> Sitting:
        return Sitting(self.record, request, [RULES[name] for name in rules], watch, lambda: self.now)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def a_request(length: str = "60 s", warmup: str = "0 s", profile: str = "P4", **load: Any) -> LoadRequest:
    shape = Shape(warmup=warmup, stages=(Stage(name="steady", duration=length, rate="60/s"),))
    return LoadRequest(
        definition=Definition(
            target=Target(url="http://127.0.0.1:1"), load=LoadChoice(**{"checkpoint": "10 s"} | load)
        ),
        profile=Profile(
            id=profile, title="soak", why="", model="open", smoke=shape, standard=shape, full=shape
        ),
        intensity="full",
        seed=1,
        workers=1,
        limit_ms=800.0,
    )


def sat(
    sitting: Sitting, snapshot: Make, count: int, *, stage: Callable[[int], int] = lambda _: 0, **seen: Any
) -> Hopeless | None:
    """Let the sitting see so many seconds; what it ended early for."""
    tally = Tally(("w0",), lambda _: None)
    with sitting:
        for number in range(count):
            tally.add(snapshot(second=number, ok=59, failed=seen.get("failed", 0), stage=stage(number)))
            if early := sitting.look(tally, a_second(number, stage(number), **seen)):
                return early
    return None


def a_second(number: int, stage: int, **seen: Any) -> Slice:
    return second(number, stage=stage, **seen)


def test_every_second_and_every_reading_is_kept(bench: Bench, snapshot: Make) -> None:
    sitting = bench.sitting(a_request(), LeakingTarget(gone=3))
    assert sat(sitting, snapshot, 5) is None
    assert [item.second for item in sitting.spool.slices()] == [0, 1, 2, 3, 4]
    assert [item.second for item in sitting.spool.usage()] == [0, 1, 2]


def test_the_bar_moves_with_each_second_of_a_short_run_and_seldom_in_a_long_one(
    bench: Bench, snapshot: Make
) -> None:
    sat(bench.sitting(a_request("10 s", profile="P1")), snapshot, 10)
    assert [done for done, _ in bench.steps] == [number / 10 for number in range(1, 11)]
    assert bench.steps[0][1].startswith("steady: 60/s of 60/s, p50 5.0 p99 10.0 ms, 0 failed")
    bench.steps.clear()
    sat(bench.sitting(a_request("8 h", profile="P1")), snapshot, 30)
    assert len(bench.steps) == 3


def test_a_line_is_told_and_a_checkpoint_kept_each_time_it_was_asked(
    bench: Bench, snapshot: Make, tmp_path: Path
) -> None:
    sat(bench.sitting(a_request(), LeakingTarget()), snapshot, 25)
    assert [line.partition(" 60.0/s")[0] for line in bench.told] == [
        "0:00:10 of 0:01:00",
        "0:00:20 of 0:01:00",
    ]
    (leg,) = msgspec.json.decode((tmp_path / "work" / "legs.json").read_bytes())
    assert (leg["last"], leg["counted"]) == (20, 21.0)


def test_what_cannot_be_gone_on_from_has_lines_and_no_checkpoint(
    bench: Bench, snapshot: Make, tmp_path: Path
) -> None:
    sat(bench.sitting(a_request(engine="httpx")), snapshot, 25)
    assert "no checkpoint is kept: " in bench.told[0]
    assert len(bench.told) == 3
    assert not (tmp_path / "work" / "legs.json").exists()


def test_a_run_too_short_for_its_checkpoints_says_so_before_it_begins(bench: Bench, snapshot: Make) -> None:
    sat(bench.sitting(a_request("20 s")), snapshot, 20)
    assert len(bench.told) == 1
    assert "--every 10 s ([load] checkpoint) is too long for a run of 20 s" in bench.told[0]


def test_a_profile_that_is_no_soak_says_nothing_about_checkpoints(bench: Bench, snapshot: Make) -> None:
    sat(bench.sitting(a_request("20 s", profile="P1")), snapshot, 20)
    assert bench.told == []


@pytest.fixture
def killed(bench: Bench, snapshot: Make) -> Bench:
    """A sitting that died in its 26th second, and was last kept in its 21st."""
    sat(bench.sitting(a_request()), snapshot, 25)
    bench.told.clear()
    bench.now = START + timedelta(seconds=100)
    return bench


def test_the_next_sitting_runs_what_is_left_and_tells_of_the_gap(killed: Bench, snapshot: Make) -> None:
    sitting = killed.sitting(a_request())
    assert sitting.request.shape.seconds == 60 - 21
    sat(sitting, snapshot, 3)
    assert killed.told == [f"goes on after 21 s that are kept; {sitting.gaps()[0]}"]
    assert sitting.gaps()[0].startswith("nothing is known of 100 s from 2026-03-01 12:00:00 UTC")
    seconds = [item.second for item in sitting.spool.slices()]
    assert seconds == [*range(21), 100, 101, 102], "what was not kept is forgotten, and the gap stays open"


def test_a_clock_that_was_set_back_lets_no_second_come_twice(killed: Bench, snapshot: Make) -> None:
    killed.now = START - timedelta(hours=1)
    sitting = killed.sitting(a_request())
    sat(sitting, snapshot, 2)
    assert [item.second for item in sitting.spool.slices()][-3:] == [20, 21, 22]


def test_progress_goes_on_from_where_it_was(killed: Bench, snapshot: Make) -> None:
    killed.steps.clear()
    sat(killed.sitting(a_request()), snapshot, 1)
    assert killed.steps[0][0] == pytest.approx(22 / 60)


def test_another_engine_does_not_go_on_from_it(killed: Bench) -> None:
    sitting = killed.sitting(a_request(engine="httpx"))
    assert (sitting.earlier, sitting.gaps(), sitting.request.shape.seconds) == ((), (), 60)


def test_seconds_that_were_changed_meanwhile_are_refused(
    killed: Bench, snapshot: Make, tmp_path: Path
) -> None:
    path = tmp_path / "work" / "slices.ndjson"
    path.write_bytes(path.read_bytes().replace(b'"p50":5.0', b'"p50":4.0'))
    with pytest.raises(EvidenceCorrupt, match="not those that the checkpoint vouches for"):
        sat(killed.sitting(a_request()), snapshot, 1)


def test_failures_that_nothing_makes_up_for_end_it_only_where_that_was_asked(
    bench: Bench, snapshot: Make
) -> None:
    found = sat(bench.sitting(a_request(abort_on_fail=True), None, "errors"), snapshot, 60, failed=30)
    assert found is not None
    assert found.measure == "load.p4.errors"
    assert sat(bench.sitting(a_request(), None, "errors"), snapshot, 60, failed=30) is None


def test_failures_of_an_earlier_sitting_count_too(bench: Bench, snapshot: Make) -> None:
    request = a_request(abort_on_fail=True)
    sat(bench.sitting(request, None), snapshot, 25, failed=1)
    bench.now = START + timedelta(seconds=30)
    found = sat(bench.sitting(request, None, "errors"), snapshot, 39, failed=1)
    assert found is not None
    alone = sat(
        bench.sitting(a_request(abort_on_fail=True, engine="httpx"), None, "errors"), snapshot, 7, failed=1
    )
    assert alone is None


def test_a_clear_growth_ends_it_only_where_that_was_asked(bench: Bench, snapshot: Make) -> None:
    found = sat(bench.sitting(a_request(stop_on_growth=True), LeakingTarget(1.0), "memory"), snapshot, 60)
    assert found is not None
    assert found.measure == "load.p4.memory.growth"
    assert sat(bench.sitting(a_request(), LeakingTarget(1.0), "memory"), snapshot, 60) is None


def test_a_growth_is_not_believed_before_a_twentieth_of_the_run(bench: Bench, snapshot: Make) -> None:
    watch = LeakingTarget(1.0)
    assert sat(bench.sitting(a_request("1 h", stop_on_growth=True), watch, "memory"), snapshot, 170) is None
    assert (
        sat(bench.sitting(a_request("1 h", stop_on_growth=True), watch, "memory"), snapshot, 200) is not None
    )


def test_the_warm_up_counts_for_no_growth_and_for_no_checkpoint(
    bench: Bench, snapshot: Make, tmp_path: Path
) -> None:
    request = a_request(warmup="15 s", stop_on_growth=True)
    sat(bench.sitting(request), snapshot, 22, stage=lambda number: int(number >= 15))
    (leg,) = msgspec.json.decode((tmp_path / "work" / "legs.json").read_bytes())
    assert (leg["last"], leg["counted"]) == (20, 6.0)


def test_a_closed_profile_is_lost_only_in_its_last_stage(bench: Bench, snapshot: Make) -> None:
    stages = tuple(Stage(name=f"{users}", duration="10 s", users=users) for users in (1, 4))
    request = a_request(abort_on_fail=True).with_shape(Shape(stages=stages))
    closed = msgspec.structs.replace(
        request, profile=msgspec.structs.replace(request.profile, model="closed")
    )
    first = sat(bench.sitting(closed, None, "errors"), snapshot, 10, failed=30)
    assert first is None
    found = sat(bench.sitting(closed, None, "errors"), snapshot, 20, stage=lambda at: int(at > 9), failed=30)
    assert found is not None
