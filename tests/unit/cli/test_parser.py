"""Words on the command line."""

import argparse

import pytest

from battery.cli.parser import BAD_USAGE, Parser, duration, words


@pytest.mark.parametrize(
    ("text", "found"), [("P1", ("P1",)), ("P1,P3", ("P1", "P3")), (" a , b,", ("a", "b"))]
)
def test_words_stand_between_commas(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == found


@pytest.mark.parametrize("text", ["", ",", " , "])
def test_no_word_at_all_is_not_all_of_them(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="at least one word"):
        words(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("24h", 86400.0), ("24 h", 86400.0), ("1s", 1.0), ("2 min", 120.0)]
)
def test_a_duration_has_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "5 weeks", "-1 s"])
def test_any_other_text_is_no_duration(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        duration(text)


def test_bad_usage_is_one_line_whatever_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Parser(prog="battery").parse_args(["two\nlines"])
    assert ended.value.code == BAD_USAGE
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.endswith("(try battery --help)\n")
