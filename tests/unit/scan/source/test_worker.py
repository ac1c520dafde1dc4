"""The worker's protocol, spoken to in this process."""

import io

import msgspec

from battery.scan.source.pool_messages import Answer, Batch, Order
from battery.scan.source.pool_worker import message, read_message, serve


def spoken(*bodies: bytes, tail: bytes = b"") -> list[Answer]:
    sink = io.BytesIO()
    serve(io.BytesIO(b"".join(map(message, bodies)) + tail), sink)
    sink.seek(0)
    answers = []
    while (body := read_message(sink)) is not None:
        answers.append(msgspec.msgpack.decode(body, type=Answer))
    return answers


def batch(*orders: tuple[str, str, bytes]) -> bytes:
    made = tuple(Order(engine=engine, name=name, content=content) for engine, name, content in orders)
    return msgspec.msgpack.encode(Batch(orders=made))


def test_each_order_of_a_batch_gets_an_answer_of_its_own() -> None:
    answers = spoken(b"key", batch(("code", "a.py", b"eval(x)\n"), ("configuration", "a.env", b"DEBUG=1\n")))
    assert [answer.found[0].rule for answer in answers] == ["code.B307", "configuration.debug-on"]


def test_an_engine_that_raises_is_a_reason() -> None:
    (answer,) = spoken(b"key", batch(("none", "a", b"")))
    assert answer == Answer(unread="the none scanner failed on it: KeyError", harmless=False)


def test_it_ends_when_nobody_speaks_or_a_message_is_torn() -> None:
    assert spoken() == []
    assert spoken(b"key") == []
    assert spoken(b"key", tail=b"\0\0\1\0torn") == []
