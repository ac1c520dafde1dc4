import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.toxiproxy.server.api.answer import json_answer, refused, sent, text_answer
from battery.chaos.toxiproxy.server.api.refusal import Refusal


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(text=st.text())
def test_json_says_what_was_meant_and_can_end_no_script(text: str) -> None:
    answer = json_answer({"a": text})
    assert json.loads(answer.body) == {"a": text}
    assert not set("<>&\u2028\u2029") & set(answer.body.decode())


def test_a_refusal_is_json_called_text() -> None:
    answer = refused(Refusal("no", 409))
    assert (answer.status, answer.body) == (409, b'{"error":"no","status":409}\n')
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(("keep", "word"), [(True, b""), (False, b"Connection: close\r\n")])
def test_an_answer_says_when_it_is_the_last(keep: bool, word: bytes) -> None:
    data = sent(text_answer(404, "no", matched=False), "id", keep_alive=keep)
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert word in head + b"\r\n"
    assert (b"Connection" in head) is not keep
    assert (body, b"X-Toxiproxy-Request-Id" in head) == (b"no\n", False)


def test_an_answer_to_a_head_request_has_no_body_but_its_length() -> None:
    data = sent(json_answer([]), "id", keep_alive=True, bodiless=True)
    assert data.endswith(b"X-Toxiproxy-Request-Id: id\r\nContent-Length: 2\r\n\r\n")
