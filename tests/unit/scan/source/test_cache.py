"""The cache: what it keeps, what it does not trust, and what it never holds."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.interface import Found
from battery.scan.source.cache import Cache
from battery.scan.source.pool_messages import Answer

ANSWER = Answer(found=(Found(rule="r", where="w", content="sealed", excerpt="AK***"),), counts={"nosec": 1})


def stored(folder: Path, answer: Answer = ANSWER, key: bytes = b"k") -> bytes:
    cache = Cache(folder, key, "code")
    name = cache.name("a.py", b"content")
    cache.put(name, answer)
    cache.save()
    return name


def test_an_answer_comes_back_in_the_next_scan(tmp_path: Path) -> None:
    name = stored(tmp_path)
    assert Cache(tmp_path, b"k", "code").get(name) == ANSWER


def test_name_content_and_engine_are_what_it_is_kept_under(tmp_path: Path) -> None:
    code, secrets = Cache(tmp_path, b"k", "code"), Cache(tmp_path, b"k", "secrets")
    names = {code.name("a", b"1"), code.name("a", b"2"), code.name("b", b"1"), secrets.name("a", b"1")}
    assert len(names) == 4
    assert code.name("ab", b"c") != code.name("a", b"bc")


def test_an_answer_under_another_key_is_not_trusted(tmp_path: Path) -> None:
    name = stored(tmp_path)
    assert Cache(tmp_path, b"other", "code").get(name) is None


def test_an_answer_cannot_be_moved_to_another_name(tmp_path: Path) -> None:
    name = stored(tmp_path)
    file = tmp_path / "code.cache"
    forged = Cache(tmp_path, b"k", "code").name("a.py", b"worse")
    file.write_bytes(file.read_bytes().replace(name, forged))
    assert Cache(tmp_path, b"k", "code").get(forged) is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_cache_is_as_good_as_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    name = stored(folder)
    file = folder / "code.cache"
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        file.write_bytes(whole[:at])
    else:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :])
    assert Cache(folder, b"k", "code").get(name) is None


def test_a_failure_is_not_kept_and_a_harmless_skip_is(tmp_path: Path) -> None:
    name = stored(tmp_path, Answer(unread="died", harmless=False))
    assert Cache(tmp_path, b"k", "code").get(name) is None
    stored(tmp_path, Answer(unread="binary", harmless=True))
    assert Cache(tmp_path, b"k", "code").get(name) is not None


def test_what_was_used_last_stays(tmp_path: Path) -> None:
    first = stored(tmp_path)
    again = Cache(tmp_path, b"k", "code")
    assert again.get(first) is not None
    again.put(again.name("b", b""), ANSWER)
    again.save()
    assert Cache(tmp_path, b"k", "code").get(first) is not None


def test_the_file_is_for_its_owner_only_and_no_other_file_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    stored(folder)
    assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [("code.cache", 0o600)]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "below", b"k", "code")
    cache.put(cache.name("a", b""), ANSWER)
    cache.save()
    assert "the next scan starts from nothing" in cache.unusable


def test_a_cache_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "code.cache").mkdir()
    assert "everything is scanned again" in Cache(tmp_path, b"k", "code").unusable
