"""DSSE: the bytes that are really signed, and base64 in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.certificate.dsse import decode64, encode64, pae


def test_the_vector_of_the_dsse_protocol() -> None:
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("http://example.com/HelloWorld", b"hello world") == expected


def test_lengths_are_counted_in_bytes_and_bodies_stay_as_they_are() -> None:
    assert pae("é", b"\x00\xff 1 ") == "DSSEv1 2 é 5 ".encode() + b"\x00\xff 1 "
    assert pae("", b"") == b"DSSEv1 0  0 "


@given(
    st.tuples(st.text(st.characters(codec="utf-8")), st.binary()),
    st.tuples(st.text(st.characters(codec="utf-8")), st.binary()),
)
def test_two_messages_never_have_one_encoding(one: tuple[str, bytes], other: tuple[str, bytes]) -> None:
    assert (pae(*one) == pae(*other)) == (one == other)


@given(st.binary())
def test_base64_is_read_back(data: bytes) -> None:
    assert decode64(encode64(data)) == data


@pytest.mark.parametrize(
    "text", ["A", "AA", "AA=", "AB==", "AAB=", "A A=", "AA==\n", "AA-_", "AA==AA==", "====", "é", "AAAA="]
)
def test_base64_in_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not base64"):
        decode64(text)
