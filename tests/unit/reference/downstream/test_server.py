"""What the dependency answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.downstream.__main__ import main
from battery.reference.downstream.server import answer_to


def test_it_knows_three_questions() -> None:
    assert json.loads(answer_to(b"ping\n")) == {"pong": True}
    assert json.loads(answer_to(b"price a%20b\n"))["item"] == "a b"
    assert len(json.loads(answer_to(b"companions bolt\n"))["items"]) == 3


@pytest.mark.parametrize("line", [b"\n", b"price\n", b"companions \n", b"PING\n", b"\xff\n"])
def test_anything_else_is_an_error(line: bytes) -> None:
    assert "say ping" in json.loads(answer_to(line))["error"]


@given(st.binary())
def test_whatever_is_said_the_answer_is_one_line_of_json(line: bytes) -> None:
    answer = answer_to(line)
    assert answer.count(b"\n") == 1
    assert answer.endswith(b"\n")
    json.loads(answer)


def test_a_port_that_cannot_be_had_is_one_line_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "203.0.113.1"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("cannot serve: ")
    assert said.count("\n") == 1
