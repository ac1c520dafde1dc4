"""Reading answers: the same whatever the pieces, bounded, and never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.answer import Answer, Silence
from battery.scan.target.reading import Reading

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 5\r\n\r\nhello"


def read(
    data: bytes, *, method: str = "GET", head: int = 4096, body: int = 64, piece: int = 4096
) -> Answer | Silence:
    """Feed piece by piece, then the end."""
    reading = Reading("http://t/", method, head, body)
    for start in range(0, len(data), piece):
        if reading.feed(data[start : start + piece]):
            break
    else:
        reading.end()
    return reading.outcome(0.5)


@given(st.integers(1, len(WHOLE)))
def test_pieces_do_not_matter(piece: int) -> None:
    answer = read(WHOLE, piece=piece)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.header("x-a")) == (200, b"hello", "1, 2")
    assert not answer.cut


@given(st.binary(max_size=300), st.integers(1, 300))
def test_no_bytes_break_it(data: bytes, piece: int) -> None:
    outcome = read(data, piece=piece)
    assert isinstance(outcome, Answer) or outcome.reason


@given(st.binary(max_size=300))
def test_no_bytes_behind_a_sound_head_break_it(data: bytes) -> None:
    outcome = read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + data)
    assert isinstance(outcome, Silence | Answer)


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the close", b"until the close"),
        (b"HTTP/1.1 204 None\r\n\r\n", b""),
        (b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + WHOLE, b"hello"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nmore", b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", b"ab"),
    ],
)
def test_every_framing_is_read(data: bytes, body: bytes) -> None:
    answer = read(data)
    assert isinstance(answer, Answer)
    assert answer.body == body


def test_an_answer_to_head_has_no_body() -> None:
    answer = read(WHOLE, method="HEAD")
    assert isinstance(answer, Answer)
    assert answer.body == b""


@pytest.mark.parametrize(("size", "cut"), [(64, False), (65, True)])
def test_a_body_beyond_the_limit_is_cut(size: int, cut: bool) -> None:
    answer = read(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"a" * size)
    assert isinstance(answer, Answer)
    assert (len(answer.body), answer.cut) == (64, cut)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 200 OK\r\n", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "closed"),
        (b"nonsense\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000, "header-flood"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20, "protocol"),
    ],
)
def test_what_is_no_answer_is_a_silence_with_its_reason(data: bytes, why: str) -> None:
    silence = read(data, piece=512)
    assert isinstance(silence, Silence)
    assert silence.why == why
    assert silence.reason
