"""One exchange's protocol, on bytes in memory."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.recovery.exchange import Answer, Exchange, judged
from battery.load.job import JobEndpoint

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CLOSED = "closed"
TORN = "torn"


class Transport(asyncio.Transport):
    """Keeps what is written; the end tells the protocol, as a loop would."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self.written = b""
        self.ended = ""
        self._exchange = exchange

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.ended = "closed"
        self._exchange.connection_lost(None)

    def abort(self) -> None:
        self.ended = "aborted"
        self._exchange.connection_lost(None)


def request(method: str = "GET", contains: bytes = b"", status: tuple[int, ...] = (200,)) -> JobEndpoint:
    return JobEndpoint(
        name="a", weight_class="light", weight=1, method=method, request=b"GET / HTTP/1.1\r\n\r\n",
        status=status, body_contains=contains,
    )  # fmt: skip


def talk(chunks: Sequence[bytes | str], method: str = "GET", cap: int = 1 << 20) -> tuple[Answer, str]:
    """The answer to these chunks, and how the connection was ended."""

    async def play() -> tuple[Answer, str]:
        exchange = Exchange(request(method), cap)
        transport = Transport(exchange)
        exchange.connection_made(transport)
        assert transport.written == b"GET / HTTP/1.1\r\n\r\n"
        for chunk in chunks:
            if isinstance(chunk, bytes):
                exchange.data_received(chunk)
            else:
                exchange.connection_lost(ConnectionResetError() if chunk == TORN else None)
        assert exchange.answer.done()
        await exchange.let_go()
        exchange.data_received(b"what comes later is nobody's")
        return exchange.answer.result(), transport.ended

    return asyncio.run(play())


def said(*chunks: bytes | str, method: str = "GET", cap: int = 1 << 20) -> tuple[int, bytes, str]:
    answer, _ = talk(chunks, method, cap)
    return answer.status, answer.body, answer.error


def test_a_whole_answer_is_read_and_the_connection_closed() -> None:
    answer, ended = talk([OK])
    assert (answer.status, answer.body, answer.error) == (200, b"hello", "")
    assert ended == "closed"


@given(st.lists(st.integers(1, len(OK) - 1), max_size=6))
def test_an_answer_in_pieces_is_the_same(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(OK)]
    pieces = [OK[a:b] for a, b in pairwise(edges) if b > a]
    assert said(*pieces) == (200, b"hello", "")


def test_an_interim_answer_is_not_the_answer() -> None:
    assert said(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", OK) == (200, b"hello", "")
    assert said(b"HTTP/1.1 100 Continue\r\n\r\n" + OK, method="HEAD")[0] == 200


def test_an_answer_to_head_ends_with_its_head() -> None:
    assert said(OK.removesuffix(b"hello"), method="HEAD") == (200, b"", "")


def test_a_body_that_is_framed_by_the_close_is_whole() -> None:
    assert said(b"HTTP/1.1 200 OK\r\n\r\nhello", CLOSED) == (200, b"hello", "")


@pytest.mark.parametrize(
    "chunks", [(OK[:-1], CLOSED), (CLOSED,), (TORN,), (b"HTTP/1.1 200 OK\r\n\r\nhel", TORN)]
)
def test_a_torn_answer_is_a_reset(chunks: tuple[bytes | str, ...]) -> None:
    assert said(*chunks)[2] == "reset"


def test_what_is_no_http_or_too_large_is_a_breach_of_protocol() -> None:
    assert said(b"\x00\xff garbage\r\n\r\n")[2] == "protocol"
    assert said(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100, cap=99)[2] == "protocol"
    assert said(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000)[2] == "protocol"
    answer, ended = talk([b"garbage"])
    assert (answer.error, ended) == ("protocol", "aborted")


def test_a_second_answer_changes_nothing() -> None:
    assert said(OK + OK) == (200, b"hello", "")
    assert said(OK + b"garbage") == (200, b"hello", "")


def test_an_answer_is_judged_by_what_the_request_expects() -> None:
    def judge(status: int, body: bytes, error: str = "") -> str:
        return judged(request(contains=b"ok", status=(200, 204)), Answer(status, body, error, 0.0))

    assert judge(200, b"it is ok") == ""
    assert judge(204, b"") == "expectation"
    assert judge(500, b"ok") == "status"
    assert judge(0, b"", "refused") == "refused"
