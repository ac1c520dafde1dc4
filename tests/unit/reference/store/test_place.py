"""Files that must stay where they are."""

from pathlib import Path

import pytest

from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.place import FilesInPlace


def test_files_that_stay_are_accepted_and_a_moved_one_is_again_when_it_returns(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.touch()
    files = FilesInPlace(file)
    files.check()
    file.rename(tmp_path / "b")
    with pytest.raises(StoreUnavailable, match="a is missing"):
        files.check()
    (tmp_path / "b").rename(file)
    files.check()


def test_another_file_in_the_same_place_is_refused(tmp_path: Path) -> None:
    file, other = tmp_path / "a", tmp_path / "b"
    file.touch()
    other.touch()
    files = FilesInPlace(file)
    other.replace(file)
    with pytest.raises(StoreUnavailable, match="a was replaced"):
        files.check()
