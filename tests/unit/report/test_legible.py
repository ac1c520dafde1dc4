import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from battery.report.legible import fitted, legible


@given(st.text())
def test_legible_text_never_deceives_and_always_encodes(text: str) -> None:
    shown = legible(text)
    shown.encode("utf-8")
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_deceptive_characters_become_escapes() -> None:
    assert legible("a\x1b[2Jb\u202ec\udc80d\ufffe") == "a\\u001b[2Jb\\u202ec\\udc80d\\ufffe"


def test_lines_become_one() -> None:
    assert legible("one\ntwo\tthree") == "one two three"


def test_long_text_is_clipped_and_says_so() -> None:
    assert legible("x" * 50, 10) == "x" * 10 + "… (40 characters more)"


@given(st.text())
def test_a_stream_that_is_not_unicode_gets_ascii(text: str) -> None:
    assert fitted(text, "latin-1").isascii()


def test_marks_have_a_plain_form_and_unicode_streams_keep_theirs() -> None:
    assert fitted("✗ ≤ │ é", "ascii") == "x <= | \\xe9"
    assert fitted("✗ é", "UTF-8") == fitted("✗ é", None) == "✗ é"
