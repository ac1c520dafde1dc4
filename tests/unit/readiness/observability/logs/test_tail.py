"""Log files that grow."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.logs.tail import LogFiles


def test_what_was_added_is_read_in_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"one\n")
    logs = LogFiles([path])
    marks = logs.marks()
    with path.open("ab") as file:
        file.write(b"two\nthr\xff\nfou")
    assert logs.since(marks) == ["two", "thr�"]
    assert logs.last() == ["one", "two", "thr�"]


def test_a_file_that_was_turned_over_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"a long first line\n")
    logs = LogFiles([path])
    marks = logs.marks()
    path.write_bytes(b"new\n")
    assert logs.since(marks) == ["new"]


def test_of_a_long_file_the_last_whole_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"".join(b"line %d\n" % number for number in range(100)))
    assert LogFiles([path]).last(20) == ["line 98", "line 99"]


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    logs = LogFiles([tmp_path / "none.log"])
    assert (logs.marks(), logs.since({}), logs.last()) == ({tmp_path / "none.log": 0}, [], [])


@given(parts=st.lists(st.binary(max_size=40), max_size=5))
def test_every_whole_line_is_read_once_however_it_was_written(parts: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        path, seen = Path(folder) / "a.log", []
        logs = LogFiles([path])
        marks = logs.marks()
        for part in parts:
            with path.open("ab") as file:
                file.write(part)
            seen = logs.since(marks)
        whole = b"".join(parts).split(b"\n")[:-1]
    assert [line.encode() for line in seen] == [line.decode("utf-8", "replace").encode() for line in whole]
