"""A friendly GOAWAY is taken out of a server's bytes, however they are cut; nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from battery.load.http2.farewell import Farewell


def frame(kind: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, 0, 0, 0, 0, 0)) + payload


def goaway(last_stream: int, code: int = 0, words: bytes = b"") -> bytes:
    return frame(7, last_stream.to_bytes(4, "big") + code.to_bytes(4, "big") + words)


others = st.builds(frame, st.integers(0, 255).filter(lambda kind: kind != 7), st.binary(max_size=300))
angry = st.builds(goaway, st.integers(0, 2**31 - 1), st.integers(1, 13), st.binary(max_size=20))
friendly = st.builds(goaway, st.integers(0, 2**31 - 1), st.just(0), st.binary(max_size=20))


@given(st.lists(st.one_of(others, angry, friendly.map(lambda data: (data,)))), st.data())
def test_only_friendly_goodbyes_are_held_back_however_the_bytes_are_cut(
    frames: list[bytes | tuple[bytes]], data: st.DataObject
) -> None:
    sent = b"".join(each[0] if isinstance(each, tuple) else each for each in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    parts = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    farewell = Farewell()
    assert b"".join(map(farewell.pass_on, parts)) == b"".join(
        each for each in frames if isinstance(each, bytes)
    )
    last = [int.from_bytes(each[0][9:13], "big") for each in frames if isinstance(each, tuple)]
    assert farewell.last_stream == (last[-1] if last else None)


def test_the_stream_number_is_read_without_the_reserved_bit() -> None:
    farewell = Farewell()
    assert farewell.pass_on(goaway(2**31 + 1999)) == b""
    assert farewell.last_stream == 1999


def test_a_goodbye_that_is_too_short_or_too_long_is_for_h2_to_judge() -> None:
    for wrong in (frame(7, b"short"), goaway(1, 0, bytes(16_384))):
        farewell = Farewell()
        assert farewell.pass_on(wrong) == wrong
        assert farewell.last_stream is None


@given(st.lists(st.binary(max_size=50)))
def test_any_bytes_are_passed_on_or_held_and_never_made_up(parts: list[bytes]) -> None:
    farewell = Farewell()
    passed = b"".join(map(farewell.pass_on, parts))
    assert len(passed) <= sum(map(len, parts))
