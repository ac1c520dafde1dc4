"""The chain of the audit log, and what its verification notices."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.audit.chain import Link, sealed
from battery.reference.audit.event import MOST_ITEMS, Event, folded
from battery.reference.audit.head import WrongHead, read_head, write_head
from battery.reference.audit.verification import verify_lines

KEY, OTHER_KEY = b"the key of the service", b"the key of somebody else"
EVENTS = st.builds(
    Event,
    st.text(),
    st.text(),
    st.text(),
    st.text(),
    about=st.text(),
    items=st.lists(st.integers(0, 9)).map(tuple),
)


def log_of(events: list[Event], key: bytes = KEY) -> tuple[list[bytes], Link]:
    """The lines of a log, and its end."""
    lines, link = [], Link()
    for event in events:
        line, link = sealed(event, link, key)
        lines.append(line)
    return lines, link


def intact(lines: list[bytes], head: Link, key: bytes = KEY) -> bool:
    """Whether a log is what its head says."""
    return verify_lines(io.BytesIO(b"".join(lines)), head, key).intact


@given(st.lists(EVENTS, max_size=6))
def test_what_was_written_is_intact(events: list[Event]) -> None:
    lines, head = log_of(events)
    verdict = verify_lines(lines, head, KEY)
    assert (verdict.intact, verdict.records, head.size) == (True, len(events), sum(map(len, lines)))


@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_any_changed_byte_is_noticed(events: list[Event], data: st.DataObject) -> None:
    lines, head = log_of(events)
    text = b"".join(lines)
    place = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[place]))
    changed = text[:place] + bytes([byte]) + text[place + 1 :]
    # JSON has more than one spelling for some records; what they say must stay the same to be accepted.
    if verify_lines(io.BytesIO(changed), head, KEY).intact:
        assert list(map(json.loads, changed.splitlines())) == list(map(json.loads, text.splitlines()))


@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_a_lost_moved_or_doubled_record_is_noticed(events: list[Event], data: st.DataObject) -> None:
    lines, head = log_of(events)
    place = data.draw(st.integers(0, len(lines) - 1))
    assert not intact(lines[:place] + lines[place + 1 :], head)
    assert not intact([*lines[:place], lines[place], *lines[place:]], head)
    assert not intact(lines[:place], head)
    if place:
        assert not intact([*lines[: place - 1], lines[place], lines[place - 1], *lines[place + 1 :]], head)


@given(st.lists(EVENTS, min_size=1, max_size=5))
def test_a_log_written_anew_without_the_key_is_noticed(events: list[Event]) -> None:
    lines, head = log_of(events, OTHER_KEY)
    assert not intact(lines, head)
    assert intact(lines, head, OTHER_KEY)


def test_records_behind_the_head_count_when_the_service_made_them() -> None:
    lines, _ = log_of([Event("1", "a"), Event("2", "b"), Event("3", "c")])
    head = Link(2, json.loads(lines[1])["hash"], len(lines[0] + lines[1]))
    assert intact(lines, head)
    assert intact([*lines[:2], lines[2][:-5]], head), "half a record is being written"
    forged, _ = sealed(Event("3", "forged"), head, OTHER_KEY)
    assert not intact([*lines[:2], forged], head)
    assert not intact([lines[0], lines[1][:-2]], head), "the record under the head is cut"


def test_a_head_for_another_record_is_noticed() -> None:
    lines, head = log_of([Event("1", "a"), Event("2", "b")])
    _, other = log_of([Event("1", "a"), Event("2", "c")])
    verdict = verify_lines(lines, other, KEY)
    assert (verdict.intact, verdict.detail) == (
        False,
        "line 2: it is not the record that the head vouches for",
    )
    assert intact(lines, head)


@pytest.mark.parametrize(
    "line", [b"", b"no json\n", b"[]\n", b'{"a":1,"a":2}\n', b'{"seq":NaN}\n', b"\xff\n", b"[" * 9999]
)
def test_what_is_no_record_is_noticed(line: bytes) -> None:
    _, head = log_of([Event("1", "a")])
    assert not verify_lines([line], head, KEY).intact


@pytest.mark.parametrize("field", ["seq", "previous_hash", "hash", "mac"])
@pytest.mark.parametrize("value", [None, 7, "", "0" * 64])
def test_a_record_without_its_links_is_noticed(field: str, value: Any) -> None:
    lines, head = log_of([Event("1", "a"), Event("2", "b")])
    record = json.loads(lines[1])
    record[field] = value
    assert not intact([lines[0], json.dumps(record).encode() + b"\n"], head)


def test_changes_of_one_kind_in_a_row_are_one_record() -> None:
    placed = [Event(str(number), "order.placed", "ann", items=(number,)) for number in range(5)]
    other = Event("5", "order.placed", "bob", items=(5,))
    [first, second, third] = folded([*placed, other, Event("6", "logout", "ann")])
    assert (first.time, first.items) == ("0", (0, 1, 2, 3, 4))
    assert (second, third.event) == (other, "logout")


@given(st.lists(EVENTS))
def test_folding_loses_nothing(events: list[Event]) -> None:
    result = folded(events)
    assert [item for event in result for item in event.items] == [
        item for event in events for item in event.items
    ]
    assert len(folded([Event("", "x", items=(1,))] * (MOST_ITEMS + 1))) == 2


def test_a_head_is_believed_only_from_the_service(tmp_path: Path) -> None:
    file, link = tmp_path / "head", Link(3, "a" * 64, 99)
    write_head(file, link, KEY)
    assert read_head(file, KEY) == link
    with pytest.raises(WrongHead, match="not made with the key"):
        read_head(file, OTHER_KEY)
    file.write_bytes(file.read_bytes().replace(b"99", b"98"))
    with pytest.raises(WrongHead, match="not made with the key"):
        read_head(file, KEY)
    for text in (b"", b"{}", b"\xff"):
        file.write_bytes(text)
        with pytest.raises(WrongHead, match="no head"):
            read_head(file, KEY)
    file.unlink()
    with pytest.raises(WrongHead, match="cannot be read"):
        read_head(file, KEY)
