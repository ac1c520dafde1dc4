"""What a locustfile raised, in few words."""

from hypothesis import given
from hypothesis import strategies as st

from battery.load.journeys.samples import MOST_TEXTS, OTHERS, Samples, sample_of


class Mute(Exception):
    """An exception whose text cannot be had."""

    def __str__(self) -> str:
        raise ZeroDivisionError


def test_a_sample_is_the_type_and_the_first_line() -> None:
    assert sample_of(ValueError("no price\n<html>…")) == "ValueError: no price"
    assert sample_of(KeyError("price")) == "KeyError: 'price'"
    assert sample_of(AssertionError()) == "AssertionError"
    assert sample_of(ValueError("\n\n  at last \n")) == "ValueError: at last"
    noted = ValueError("no price")
    noted.add_note("a note is not what was raised")
    assert sample_of(noted) == "ValueError: no price"


def test_a_type_of_the_users_own_is_named_with_its_module() -> None:
    assert sample_of(Mute()) == f"{__name__}.Mute: (its text cannot be read: ZeroDivisionError)"


def test_a_text_without_end_is_cut() -> None:
    assert len(sample_of(ValueError("x" * 100_000))) == 2000


@given(st.lists(st.text(max_size=3), max_size=60))
def test_every_exception_is_counted_and_few_texts_are_kept(texts: list[str]) -> None:
    samples = Samples()
    for text in texts:
        samples.add(text)
    counts = samples.counts()
    assert sum(counts.values()) == len(texts)
    assert len(counts) <= MOST_TEXTS + 1
    if len(set(texts)) > MOST_TEXTS:
        assert OTHERS in counts
