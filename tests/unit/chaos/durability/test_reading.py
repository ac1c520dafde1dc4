"""Tokens, declarations and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.durability.reading import Unreadable, page_of
from battery.chaos.durability.token import Token
from battery.definitions.durability import check_durability
from battery.errors import DefinitionError, UsageError
from battery.model.target import Durability, DurableRead, DurableWrite

TOKEN = Token("run1")
FLAT = DurableRead(path="/all")
PAGED = DurableRead(path="/all?after={after}", items="page.rows", next="page.next")


@given(st.lists(st.integers(0, 10**9), unique=True), st.sampled_from([" ", ",", '"', "/", "\n"]))
def test_ids_are_found_again_in_any_text(numbers: list[int], between: str) -> None:
    text = between.join(TOKEN.spelled(number) for number in numbers)
    assert TOKEN.found(text) == tuple(numbers)


def test_ids_of_another_run_and_parts_of_words_are_none() -> None:
    assert TOKEN.found(Token("run2").spelled(1)) == ()
    assert TOKEN.found("a" + TOKEN.spelled(1)) == ()
    assert TOKEN.found(TOKEN.spelled(1) + "0x") == ()
    assert TOKEN.found(f"{TOKEN.spelled(3)} {TOKEN.spelled(3)}") == (3,)


@pytest.mark.parametrize("run", ["", "abc", "ABCD", "ab-cd", "a" * 33])
def test_a_run_id_that_could_be_changed_on_its_way_is_refused(run: str) -> None:
    with pytest.raises(UsageError, match="expected 4 to 32 lower-case letters and digits"):
        Token(run)


def test_a_page_is_read_with_other_data_in_it() -> None:
    page = page_of(
        f'[{{"item": "{TOKEN.spelled(2)}"}}, {{"item": "tea"}}, "{TOKEN.spelled(1)}"]'.encode(), FLAT, TOKEN
    )
    assert (page.records, page.items, page.next) == ((2, 1), 3, "")


@pytest.mark.parametrize(
    ("cursor", "expected"), [("7", "7"), ('"abc"', "abc"), ("null", ""), ('""', ""), ("false", "")]
)
def test_the_cursor_is_followed_until_there_is_none(cursor: str, expected: str) -> None:
    body = f'{{"page": {{"rows": [], "next": {cursor}}}}}'.encode()
    assert page_of(body, PAGED, TOKEN).next == expected


def test_a_record_that_stands_twice_in_its_item_is_one() -> None:
    item = f'{{"name": "{TOKEN.spelled(1)}", "link": "/orders/{TOKEN.spelled(1)}"}}'
    assert page_of(f"[{item}]".encode(), FLAT, TOKEN).records == (1,)


@pytest.mark.parametrize(
    ("body", "read", "complaint"),
    [
        (b"<html>", FLAT, "the answer is no JSON"),
        (b"\xff", FLAT, "the answer is no JSON"),
        (b"{}", FLAT, "expected a list as the whole answer, found an object"),
        (b"{}", PAGED, "expected a list at 'page.rows', found nothing; mend"),
        (b'{"page": {"rows": 3}}', PAGED, "found a int"),
        (b'{"page": {"rows": [], "next": {}}}', PAGED, "the cursor at 'page.next' is an object"),
        (f'[["{TOKEN.spelled(1)}", "{TOKEN.spelled(2)}"]]'.encode(), FLAT, "one item holds 2 records"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_as_declared_is_unreadable(body: bytes, read: DurableRead, complaint: str) -> None:
    with pytest.raises(Unreadable, match=complaint):
        page_of(body, read, TOKEN)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_page_or_unreadable(body: bytes) -> None:
    try:
        page = page_of(body, FLAT, TOKEN)
    except Unreadable:
        return
    assert len(page.records) <= page.items


@pytest.mark.parametrize(
    ("write", "read", "complaint"),
    [
        (DurableWrite(path="/a", body="{run}"), FLAT, "neither path nor body holds {record}"),
        (DurableWrite(path="/a", body="{record}"), DurableRead(path="/a?after={after}"), "belong together"),
        (DurableWrite(path="/a", body="{record}"), DurableRead(path="/a", next="n"), "belong together"),
    ],
)
def test_a_declaration_that_cannot_work_is_refused(
    write: DurableWrite, read: DurableRead, complaint: str
) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        check_durability(Durability(write=write, read=read))


def test_a_declaration_that_can_is_not() -> None:
    check_durability(Durability(write=DurableWrite(path="/a/{record}", method="PUT"), read=PAGED))
