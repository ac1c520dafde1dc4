"""Steps are read from the announcements of many tools; a log without any has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.bootstrap.steps import Step, steps_of
from battery.readiness.bootstrap.timed_line import TimedLine


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("==> Installing", "Installing"),
        ("=====> Installing", "Installing"),
        ("--> x", "x"),
        ("::group::Build", "Build"),
        ("[1/3] fetch", "fetch"),
        ("[ 2/12 ] link", "link"),
        ("Step 3: test", "test"),
        ("Step 1/5 : FROM x", "FROM x"),
        ("+ make all", "make all"),
        ("\x1b[32m==> green\x1b[0m", "green"),
        ("### Part", "Part"),
    ],
)
def test_an_announcement_is_a_step(text: str, title: str) -> None:
    assert steps_of([TimedLine(1.0, text)], 3.0) == (Step(title=title, at=1.0, seconds=2.0),)


@pytest.mark.parametrize("text", ["", "Collecting x", "+1 done", "step by step", "[info] x", "==>"])
def test_an_ordinary_line_is_none(text: str) -> None:
    assert steps_of([TimedLine(1.0, text)], 3.0) == ()


@given(st.lists(st.floats(0, 100), max_size=80))
def test_the_steps_follow_each_other_to_the_end(times: list[float]) -> None:
    lines = [TimedLine(at, f"==> {at}") for at in sorted(times)]
    steps = steps_of(lines, 100.0)
    assert len(steps) == min(len(times), 50)
    assert all(step.seconds >= 0 for step in steps)
    assert sum(step.seconds for step in steps) == pytest.approx(100.0 - steps[0].at if steps else 0)
