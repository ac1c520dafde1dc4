"""A run's seconds on disk."""

from pathlib import Path

import pytest

from battery.errors import EvidenceCorrupt
from battery.load.soak.spool import Spool
from tests.unit.load.soak.seconds import reading, second


def filled(folder: Path, count: int) -> Spool:
    spool = Spool(folder)
    spool.begin()
    with spool:
        for number in range(count):
            spool.add(second(number))
            spool.add(reading(number))
    return spool


def test_what_was_added_is_read_back_in_order(tmp_path: Path) -> None:
    spool = filled(tmp_path / "work", 3)
    assert spool.slices() == [second(0), second(1), second(2)]
    assert spool.usage() == [reading(0), reading(1), reading(2)]
    assert [part.count(b"\n") for part in spool.raw()] == [3, 3]


def test_a_torn_last_line_is_no_second(tmp_path: Path) -> None:
    spool = filled(tmp_path, 2)
    with (tmp_path / "slices.ndjson").open("ab") as file:
        file.write(b'{"second": 2, "sta')
    assert spool.slices() == [second(0), second(1)]


def test_what_came_after_the_last_checkpoint_is_forgotten(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    spool = Spool(tmp_path)
    spool.begin(2)
    assert [item.second for item in spool.slices()] == [0, 1, 2]
    assert [item.second for item in spool.usage()] == [0, 1, 2]
    with spool:
        spool.add(second(9))
    assert [item.second for item in spool.slices()] == [0, 1, 2, 9]


def test_seconds_that_the_checkpoint_does_not_vouch_for_are_refused(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.begin()
    with spool:
        spool.add(second(0))
        digest = spool.sync()
        spool.add(second(1))
    Spool(tmp_path).begin(0, digest)
    (tmp_path / "slices.ndjson").write_bytes(b"")
    with pytest.raises(EvidenceCorrupt, match="are not those that the checkpoint vouches for"):
        Spool(tmp_path).begin(0, digest)


def test_a_line_that_is_no_second_is_corrupt_evidence(tmp_path: Path) -> None:
    spool = filled(tmp_path, 1)
    (tmp_path / "slices.ndjson").write_bytes(b"{}\n")
    with pytest.raises(EvidenceCorrupt, match="a line is no second"):
        spool.slices()
