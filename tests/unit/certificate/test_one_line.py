"""Text by others can neither fake a line of ours nor command a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from battery.certificate.one_line import LONGEST, one_line


def test_ordinary_text_stays_as_it_is() -> None:
    assert one_line("G2:load.p3.p99 ≤ 800 ms, naïve 漢字") == "G2:load.p3.p99 ≤ 800 ms, naïve 漢字"


def test_control_characters_are_shown_and_not_obeyed() -> None:
    assert one_line("a\nb\x1b[2J\u202e\ud800") == "a\\nb\\x1b[2J\\u202e\\ud800"


def test_long_text_is_cut() -> None:
    assert one_line("x" * 10_000) == "x" * (LONGEST - 1) + "…"


@given(st.text())
def test_the_result_is_always_one_printable_line_that_can_be_encoded(text: str) -> None:
    assert one_line(text).isprintable()
    one_line(text).encode()
