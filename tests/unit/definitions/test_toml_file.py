"""Files that cannot be read, and files that are no TOML."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.definitions.toml_file import load, parse, read_bytes
from battery.errors import DefinitionError
from battery.model.definition import Definition
from tests.fakes.problems import problem_with


def problem_of(path: Path) -> str:
    with pytest.raises(DefinitionError) as caught:
        load(path, Definition)
    return str(caught.value)


def test_a_missing_battery_toml_says_how_to_get_one(tmp_path: Path) -> None:
    path = tmp_path / "battery.toml"
    assert problem_of(path) == f"{path}: no such file (`battery init` writes one)"
    assert problem_of(tmp_path / "waivers.toml").endswith("no such file")


def test_a_folder_a_pipe_and_a_loop_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    assert "is a folder" in problem_of(tmp_path)
    assert "is not a plain file" in problem_of(tmp_path / "pipe")
    assert "cannot be read: " in problem_of(tmp_path / "loop")
    assert "cannot be read: File name too long" in problem_of(tmp_path / ("x" * 300))
    assert "cannot be read: Not a directory" in problem_of(Path("/dev/null/x"))


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    with path.open("wb") as file:
        file.truncate(5 * 1024 * 1024)
    assert problem_of(path) == f"{path}: is larger than 4 MiB, expected a TOML file"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a = 1\nb = '\xff'", "line 2 is not UTF-8 text"),
        ("[target]".encode("utf-16"), "line 1 is not UTF-8 text"),
        (b"a = ", "is not TOML: Invalid value"),
        (b"a = 1\na = 2", "is not TOML: Cannot overwrite a value"),
        (b"a = " + b"9" * 5000, "holds a number of thousands of digits"),
        (b"a = 2030-02-31", "is not TOML: Invalid date or datetime (at line 1"),
        (b"a = " + b"[" * 50_000, "is nested too deeply"),
    ],
)
def test_what_is_no_toml_says_where(data: bytes, problem: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(data, "f.toml")
    assert str(caught.value).startswith(f"f.toml: {problem}")
    assert str(caught.value).isprintable()


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse(b"\xef\xbb\xbfa = 1", "f.toml") == {"a": 1}


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "battery.toml"
    path.write_bytes(b"")
    assert load(path, Definition) == (
        Definition(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    )
    assert read_bytes(path) == b""


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.text("[]{}=.\"'\n#a1-:TZ\\ ,\t", max_size=60).map(str.encode))
def test_arbitrary_bytes_are_toml_or_explained_in_one_line(data: bytes) -> None:
    assert problem_with(lambda: parse(data, "f.toml")).isprintable()
