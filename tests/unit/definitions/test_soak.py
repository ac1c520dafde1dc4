"""P4 as long as the command line says."""

from pathlib import Path

import pytest

from battery.definitions.profiles import load_profiles
from battery.definitions.soak import Soak, soaked, with_time_for
from battery.model.definition import Definition, ProfileChoice, RunChoice
from battery.model.profile import Shape
from battery.model.quantity import seconds

SHIPPED = load_profiles(ProfileChoice(), Path())


def full(soak: Soak) -> Shape:
    return next(profile for profile in soaked(SHIPPED, soak).profiles if profile.id == "P4").full


def test_the_soak_is_one_stage_of_its_duration_and_rate() -> None:
    (stage,) = full(Soak(duration="3 h", rate="5/s")).stages
    assert (stage.duration, stage.rate) == ("3 h", "5/s")


def test_without_a_rate_it_is_the_profiles_own() -> None:
    (own,) = next(profile for profile in SHIPPED.profiles if profile.id == "P4").full.stages
    assert full(Soak(duration="3 h")).stages[0].rate == own.rate


@pytest.mark.parametrize(("duration", "warmup"), [("8 h", 60.0), ("100 s", 10.0)])
def test_the_warm_up_is_a_tenth_and_at_most_a_minute(duration: str, warmup: float) -> None:
    assert seconds(full(Soak(duration=duration)).warmup) == warmup


def test_other_profiles_stay_as_they_are() -> None:
    others = [profile for profile in SHIPPED.profiles if profile.id != "P4"]
    assert [
        profile for profile in soaked(SHIPPED, Soak(duration="1 h")).profiles if profile.id != "P4"
    ] == others


@pytest.mark.parametrize(("deadline", "expected"), [("12 h", 25 * 3600), ("3 d", 3 * 86400)])
def test_the_deadline_leaves_time_for_it(deadline: str, expected: int) -> None:
    definition = Definition(run=RunChoice(deadline=deadline))
    assert seconds(with_time_for(definition, Soak(duration="24 h")).run.deadline) == expected
