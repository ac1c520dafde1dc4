"""The journal's lines."""

from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.process.identity import ProcessIdentity
from battery.chaos.process.machine import Machine
from battery.chaos.undo.records import Kept, Line, Opened, Promised, encode, read
from battery.chaos.undo.steps import (
    ContinueProcess,
    DeleteFile,
    DeleteProxy,
    EnableProxy,
    EndMarked,
    EndSession,
    RemoveToxic,
    RestoreLimit,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
IDENTITIES = st.builds(
    ProcessIdentity,
    pid=st.integers(1, 2**22),
    create_time=st.floats(0, 2e9),
    ticks=st.integers(0, 2**40),
    boot=TEXTS,
)
MACHINES = st.builds(Machine, boot=TEXTS, pid_namespace=TEXTS)
STEPS = st.one_of(
    st.builds(ContinueProcess, process=IDENTITIES),
    st.builds(
        RestoreLimit,
        process=IDENTITIES,
        soft=st.integers(0, 2**40),
        hard=st.integers(-1, 2**40),
        lowered=st.integers(0, 2**20),
    ),
    st.builds(EndMarked, mark=TEXTS, what=TEXTS),
    st.builds(EndSession, leader=IDENTITIES, what=TEXTS, mark=TEXTS),
    st.builds(DeleteFile, path=TEXTS),
    st.builds(RemoveToxic, url=TEXTS, proxy=TEXTS, toxic=TEXTS),
    st.builds(EnableProxy, url=TEXTS, proxy=TEXTS),
    st.builds(DeleteProxy, url=TEXTS, proxy=TEXTS),
)
PROMISES = st.builds(
    Promised,
    number=st.integers(1, 9),
    name=TEXTS,
    steps=st.lists(STEPS, max_size=3).map(tuple),
    deadline=st.none() | st.floats(0, 1e9),
)
KEPT = st.builds(Kept, number=st.integers(1, 9), words=st.lists(TEXTS, max_size=2).map(tuple))
LINES = st.lists(st.one_of(PROMISES, KEPT, st.builds(Opened, owner=IDENTITIES, machine=MACHINES)), max_size=8)


@given(LINES)
def test_what_is_written_is_read_and_what_is_kept_is_not_outstanding(lines: list[Line]) -> None:
    reading = read(b"".join(encode(line) for line in lines))
    assert reading.promised == tuple(line for line in lines if isinstance(line, Promised))
    assert not reading.unreadable
    opened = [line for line in lines if isinstance(line, Opened)]
    assert reading.machine == (opened[-1].machine if opened else Machine())
    kept = {line.number for line in lines if isinstance(line, Kept)}
    assert {promised.number for promised in reading.outstanding}.isdisjoint(kept)


@given(LINES, st.data())
def test_a_journal_cut_anywhere_keeps_every_whole_line(lines: list[Line], data: st.DataObject) -> None:
    whole = b"".join(encode(line) for line in lines)
    cut = data.draw(st.integers(0, len(whole)))
    reading = read(whole[:cut])
    finished = whole[:cut].count(b"\n")
    assert not reading.unreadable
    assert reading.promised == tuple(line for line in lines[:finished] if isinstance(line, Promised))
    assert reading.whole == whole[:cut].rfind(b"\n") + 1


@given(st.binary(max_size=200))
def test_no_bytes_crash_it_and_every_finished_line_is_understood_or_told(data: bytes) -> None:
    reading = read(data)
    assert len(reading.unreadable) <= data.count(b"\n")


def test_a_line_that_makes_no_sense_is_told_by_its_number_and_hides_no_other() -> None:
    data = encode(Promised(number=1, name="a")) + b"garbage\n" + encode(Promised(number=2, name="b"))
    reading = read(data)
    assert reading.unreadable == (2,)
    assert [promised.name for promised in reading.outstanding] == ["a", "b"]
