"""How a process ended, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.process.exit import Exit, exit_words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with exit code 0"),
        (3, "ended with exit code 3"),
        (-9, "was ended by SIGKILL"),
        (-200, "was ended by signal 200"),
    ],
)
def test_codes_and_signals_are_told_apart(code: int, words: str) -> None:
    assert exit_words(code) == words


def test_an_end_names_the_process_and_when() -> None:
    assert str(Exit(pid=7, code=-15, after=1.26)) == "process 7 was ended by SIGTERM after 1.3 s"


@given(st.integers(min_value=-(2**31), max_value=2**31))
def test_every_code_has_words(code: int) -> None:
    assert exit_words(code)
