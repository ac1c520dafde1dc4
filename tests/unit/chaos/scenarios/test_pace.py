"""How much an intensity may save."""

from typing import get_args

import pytest

from battery.chaos.recovery.measuring import WINDOW
from battery.chaos.recovery.probe import LONGEST_PERIOD
from battery.chaos.recovery.steady import LEAST_PROBES
from battery.chaos.scenarios.pace import pace_of
from battery.model.definition import Intensity

INTENSITIES: tuple[Intensity, ...] = get_args(Intensity)


@pytest.mark.parametrize("intensity", INTENSITIES)
def test_every_baseline_holds_more_probes_than_a_level_needs_also_of_answers_that_take_a_while(
    intensity: Intensity,
) -> None:
    pace = pace_of(intensity)
    assert (pace.baseline - 0.4) / pace.period >= LEAST_PROBES
    assert pace.period <= LONGEST_PERIOD


@pytest.mark.parametrize("intensity", INTENSITIES)
def test_nobody_is_called_lost_before_a_minute_whatever_the_hurry(intensity: Intensity) -> None:
    assert pace_of(intensity).watch > 60


@pytest.mark.parametrize("intensity", INTENSITIES)
def test_a_target_is_back_after_the_whole_window_whatever_the_hurry(intensity: Intensity) -> None:
    assert pace_of(intensity).window == WINDOW == 3.0


@pytest.mark.parametrize("intensity", ["standard", "full"])
def test_in_earnest_every_fault_is_made(intensity: Intensity) -> None:
    assert pace_of(intensity).every_fault
