"""Templates: marks get values, equal marks equal ones, and every option its turn."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.assess.source.surroundings import split, surrounded
from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import HEX, LOWER, Words


def test_equal_marks_get_equal_values_and_numbered_ones_their_own() -> None:
    first, second, other = filled("«digest» «digest» «digest2»", Words(Random(1))).split(" ")
    assert first == second != other


def test_an_unknown_mark_is_an_error_and_not_left_in_the_text() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        filled("«nonsense»", Words(Random(1)))


def test_text_around_marks_stays_as_it_is() -> None:
    assert filled("f'{a}' % {b} «port»", Words(Random(2))).startswith("f'{a}' % {b} ")


@given(st.lists(st.integers(), min_size=1, max_size=20, unique=True), st.integers(0, 60), st.integers())
def test_every_option_is_taken_as_often_as_the_others_or_once_more(
    options: list[int], count: int, seed: int
) -> None:
    chosen = taken(options, count, Random(seed))
    assert len(chosen) == count
    counts = [chosen.count(option) for option in options]
    assert max(counts) - min(counts) <= 1


@given(st.integers(), st.sampled_from((HEX, LOWER)), st.integers(1, 80))
def test_a_token_begins_with_a_letter_and_keeps_to_its_alphabet(seed: int, alphabet: str, count: int) -> None:
    token = Words(Random(seed)).token(alphabet, count)
    assert len(token) == count
    assert token[0].isalpha()
    assert set(token) <= set(alphabet)


@given(st.integers())
def test_surroundings_are_python_and_hold_the_text_with_its_imports_on_top(seed: int) -> None:
    words = Words(Random(seed))
    text = surrounded("import os\nfrom a import b\nos.remove(b)", words)
    compile(text, "case.py", "exec")
    assert text.index("import os") < text.index("from a import b") < text.index("os.remove(b)")


def test_imports_are_parted_from_the_rest() -> None:
    assert split("import a\nfrom b import c\nd()\nimport e") == (
        ["import a", "from b import c"],
        "d()\nimport e",
    )
    assert split("import a") == (["import a"], "")
