"""The legs of a run in their file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from battery.errors import EvidenceCorrupt
from battery.load.soak.checkpoint import Checkpoint
from battery.load.soak.leg import Leg, Span, leg_of
from battery.load.tally import Tally
from tests.unit.load.conftest import Make

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def leg(began: float, told: float, snapshot: Make) -> Leg:
    tally = Tally(("w0",), lambda _: None)
    tally.add(snapshot(ok=5, planned=7))
    times = (START + timedelta(seconds=began), START + timedelta(seconds=told))
    return leg_of(
        tally, Span(began=times[0], told=times[1], first=int(began), last=int(told), counted=9.0), "digest"
    )


def test_a_run_without_a_checkpoint_has_no_legs(tmp_path: Path) -> None:
    assert Checkpoint(tmp_path).earlier == ()
    assert Checkpoint(tmp_path).gaps(START) == ()


def test_each_checkpoint_replaces_the_sittings_own_and_keeps_the_earlier_ones(
    tmp_path: Path, snapshot: Make
) -> None:
    first = Checkpoint(tmp_path)
    first.write(leg(0, 60, snapshot))
    first.write(leg(0, 120, snapshot))
    second = Checkpoint(tmp_path)
    second.write(leg(500, 560, snapshot))
    assert [kept.last for kept in Checkpoint(tmp_path).earlier] == [120, 560]
    assert Checkpoint(tmp_path).counted() == 18.0


def test_every_gap_is_told_with_its_time_and_what_was_under_way(tmp_path: Path, snapshot: Make) -> None:
    Checkpoint(tmp_path).write(leg(0, 120, snapshot))
    Checkpoint(tmp_path).write(leg(500, 560, snapshot))
    gaps = Checkpoint(tmp_path).gaps(START + timedelta(seconds=600))
    assert [(gap.until - gap.since).total_seconds() for gap in gaps] == [380, 40]
    assert gaps[0].text == (
        "nothing is known of 380 s from 2026-03-01 12:02:00 UTC, nor of 2 requests that were under way then"
    )


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    for text, problem in (("[{]", "is no checkpoint"), ("[]", "it holds no sitting")):
        (tmp_path / "legs.json").write_text(text)
        with pytest.raises(EvidenceCorrupt, match=problem):
            Checkpoint(tmp_path)


def test_a_clock_that_was_set_back_makes_no_negative_gap(tmp_path: Path, snapshot: Make) -> None:
    Checkpoint(tmp_path).write(leg(0, 120, snapshot))
    (gap,) = Checkpoint(tmp_path).gaps(START)
    assert gap.text.startswith("nothing is known of 0 s")
