"""How often a soak is told and kept, and what is said where that is not what was asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.soak.cadence import deviation


@pytest.mark.parametrize(
    ("asked", "length", "resumable", "words"),
    [
        ("1 min", 28800, True, ""),
        ("4 s", 40, True, ""),
        (
            "1 min", 90, True,
            "--every 1 min ([load] checkpoint) is too long for a run of 90 s: no line is told and no checkpoint kept; give less than 45 s to have both",
        ),
        ("1500 ms", 60, True, "--every 1500 ms ([load] checkpoint) counts as 2 s: a run is told by whole seconds"),
        ("200 ms", 60, True, "--every 200 ms ([load] checkpoint) counts as 1 s: a run is told by whole seconds"),
        (
            "1 min", 600, False,
            "no checkpoint is kept: only one stage, sent by the battery's own engine to the endpoints of battery.toml, can be gone on from",
        ),
    ],
)  # fmt: skip
def test_what_differs_is_said_in_one_line(asked: str, length: float, resumable: bool, words: str) -> None:
    assert deviation(asked, length, resumable=resumable) == words


@given(st.integers(1, 10**6), st.integers(1, 10**7), st.booleans())
def test_it_is_one_line_whatever_is_asked(milliseconds: int, length: int, resumable: bool) -> None:
    assert "\n" not in deviation(f"{milliseconds} ms", length, resumable=resumable)
