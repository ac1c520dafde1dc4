"""Whether two runs' loads differ: second by second, beyond chance and beyond what matters."""

from random import Random
from typing import Any

import pytest

from battery.comparing import LoadChange, Side, compare_loads
from battery.errors import EvidenceCorrupt
from battery.model.definition import Definition, LoadChoice
from battery.model.evidence import BlobRef, Proof
from battery.model.profile import Shape, Stage
from battery.model.target import Endpoint
from tests.fakes.plans import changed
from tests.unit.comparing.sides import STEADY, a_profile, a_second, a_side, as_blob, load_plan, noisy


def compared(before: Side, after: Side, minimum_effect: float = 0.05) -> dict[str, LoadChange]:
    return {
        f"{load.profile} {load.level}": load
        for load in compare_loads(before, after, Random, minimum_effect=minimum_effect)
    }


@pytest.mark.parametrize(
    ("level", "verdict"),
    [(10.0, "same"), (10.1, "same"), (12.0, "worse"), (8.0, "better"), (10.5, "unclear")],
)
def test_latency_is_held_against_the_minimum_effect(level: float, verdict: str) -> None:
    found = compared(a_side(noisy(10.0)), a_side(noisy(level, seed=2)))
    assert {name: load.verdict for name, load in found.items()} == {
        "P1 p50": verdict,
        "P1 p99": verdict,
        "P1 errors": "same",
    }
    load = found["P1 p50"]
    assert load.difference == pytest.approx((level - 10) * 10, abs=3)
    assert load.lower is not None
    assert load.upper is not None
    assert load.lower <= (level - 10) * 10 + 3
    assert load.upper >= (level - 10) * 10 - 3
    assert load.before == pytest.approx(10, rel=0.03)
    assert load.after == pytest.approx(level, rel=0.03)
    assert load.slices == (60, 60)


def test_a_larger_minimum_effect_forgives_more() -> None:
    before, after = a_side(noisy(10.0)), a_side(noisy(12.0, seed=2))
    assert compared(before, after, 0.5)["P1 p99"].verdict == "same"


def test_more_errors_are_worse_though_the_median_second_has_none() -> None:
    before, after = a_side(noisy(10.0)), a_side(noisy(10.0, seed=2, failed=0.004))
    found = compared(before, after)["P1 errors"]
    assert (found.before, found.verdict) == (0.0, "worse")
    assert found.difference == pytest.approx(0.4, abs=0.2)
    assert compared(after, before)["P1 errors"].verdict == "better"
    assert compared(after, after)["P1 errors"].verdict != "worse"


def test_few_seconds_say_nothing() -> None:
    found = compared(a_side(noisy(10.0, 9)), a_side(noisy(50.0, 60)))
    assert {load.verdict for load in found.values()} == {"not enough slices"}
    assert found["P1 p50"].slices == (9, 60)
    assert found["P1 p50"].difference is None


def test_seconds_without_an_answer_and_warm_ups_do_not_count() -> None:
    shape = Shape(warmup="5 s", stages=(Stage(name="steady", duration="60 s", rate="100/s"),))
    plan = load_plan(a_profile(shape))
    seconds = [changed(second, stage=1) for second in noisy(10.0, 40)]
    silent = [a_second(99, 0.0, stage=1, ok=0, sent=0)] * 40
    side = a_side([a_second(0, 500.0)] * 40 + seconds + silent, plan)
    assert {load.slices for load in compared(side, side).values()} == {(40, 40)}


def test_each_stage_is_held_against_its_own() -> None:
    steps = tuple(Stage(name=f"{users} users", duration="20 s", users=users) for users in (1, 8, 32))
    plan = load_plan(a_profile(Shape(stages=steps), model="closed"))

    def run(factor: float, seed: int) -> Side:
        levels = ((0, 1.0), (1, 10.0), (2, 100.0))
        return a_side(
            [
                changed(second, stage=stage)
                for stage, level in levels
                for second in noisy(level * factor, 20, seed + stage)
            ],
            plan,
        )

    assert compared(run(1.0, 1), run(1.0, 11))["P1 p50"].verdict == "same"
    slower = compared(run(1.0, 1), run(1.2, 11))["P1 p50"]
    assert slower.verdict == "worse"
    assert slower.difference == pytest.approx(20, abs=3)


def test_the_same_runs_compare_the_same_way_each_time() -> None:
    before, after = a_side(noisy(10.0)), a_side(noisy(10.6, seed=2))
    assert compared(before, after) == compared(before, after)


def test_a_night_of_seconds_is_compared_in_a_moment() -> None:
    found = compared(a_side(noisy(10.0, 20_000)), a_side(noisy(11.0, 20_000, 2)))["P1 p50"]
    assert (found.verdict, found.slices) == ("worse", (20_000, 20_000))


LONGER = Shape(stages=(Stage(name="steady", duration="8 h", rate="100/s"),))
FASTER = Shape(stages=(Stage(name="steady", duration="60 s", rate="200/s"),))


def test_a_soak_may_be_longer_than_the_night_before() -> None:
    found = compared(a_side(noisy(10.0)), a_side(noisy(10.0, 90, 2), load_plan(a_profile(LONGER))))
    assert found["P1 p50"].verdict == "same"


@pytest.mark.parametrize(
    ("plan", "given", "reason"),
    [
        (load_plan(a_profile(FASTER)), {}, "another load was sent: other model or stages"),
        (load_plan(a_profile(arrivals="constant")), {}, "another load was sent: other model or stages"),
        (
            load_plan(definition=Definition(endpoint=(Endpoint(name="a", path="/a"),))),
            {},
            "another load was sent: other endpoints",
        ),
        (
            load_plan(definition=Definition(load=LoadChoice(engine="httpx"))),
            {},
            "another load was sent: other engine or locustfile",
        ),
        (
            load_plan(),
            {"blobs": (BlobRef(name="locustfile", sha256="b" * 64, size=1, media_type="text/x-python"),)},
            "another load was sent: other engine or locustfile",
        ),
        (load_plan(), {"status": "errored"}, "its check is errored in the newer run"),
        (
            load_plan(),
            {"proofs": (Proof(name="requests left on time", ok=False, detail="9 ms"),)},
            "the instrument did not prove itself in the newer run (requests left on time: 9 ms)",
        ),
        (
            load_plan(),
            {"proofs": ()},
            "the instrument did not prove itself in the newer run (there is no proof)",
        ),
    ],
)
def test_runs_that_cannot_be_held_against_each_other_say_why(
    plan: Any, given: dict[str, Any], reason: str
) -> None:
    found = compared(a_side(noisy(10.0)), a_side(noisy(90.0), plan, **given))
    assert {(load.verdict, load.reason) for load in found.values()} == {("not comparable", reason)}
    assert all(load.difference is None for load in found.values())


def test_only_profiles_of_both_runs_are_compared() -> None:
    both = load_plan(a_profile(), a_profile(id="P4"))
    found = compared(a_side(noisy(10.0), both), a_side(noisy(10.0), load_plan(a_profile(id="P4"))))
    assert list(found) == ["P4 p50", "P4 p99", "P4 errors"]
    nothing = a_side(noisy(10.0))
    assert compared(nothing, Side(nothing.run, {})) == {}


@pytest.mark.parametrize("blob", [b"no json\n", b"{}\n", as_blob([a_second(0, stage=7)]), b"\xff\n"])
def test_seconds_that_cannot_be_read_are_corrupt_evidence(blob: bytes) -> None:
    side = a_side(noisy(10.0))
    with pytest.raises(EvidenceCorrupt, match=r"the time slices of load\.P1 cannot be read"):
        compared(side, Side(side.run, {"load.P1": blob}))


def test_the_shape_is_that_of_the_intensity_that_ran() -> None:
    smoke = load_plan(a_profile(FASTER, standard=STEADY), intensity="standard")
    assert compared(a_side(noisy(10.0), smoke), a_side(noisy(10.0)))["P1 p50"].verdict == "same"
