"""Bursts of failed logins: what is one, across the parts of a log and never across two logs, and what is said of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.interface import Found
from battery.scan.rules import scan_rules
from battery.scan.source.logs.bursts import Burst, bursts
from battery.scan.source.logs.engine import open_engine
from battery.scan.source.logs.failure import packed, unpacked
from battery.scan.source.logs.parts import LogFile, Logs
from battery.scan.source.logs.scan import scan_logs
from battery.scan.source.pool import Pool
from battery.scan.target.asked import AGENT
from tests.unit.scan.source.conftest import KEY

ENGINE = open_engine(KEY)
WHOLE = 1 << 20


def bursts_of(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    marks = packed(lines, range(1, len(lines) + 1), lambda _: "00" * 20)
    return [numbers(burst) for burst in bursts(unpacked(marks, "a", 0))]


def numbers(burst: Burst) -> tuple[int, int, int]:
    return burst.first.number, burst.last.number, burst.count


def failures(count: int, every: int, start: int = 0) -> list[str]:
    return [
        f"2026-01-01T{(start + n * every) // 3600:02}:{(start + n * every) // 60 % 60:02}:{(start + n * every) % 60:02} login failed"
        for n in range(count)
    ]


def found_in(log: Path, lines: Sequence[str], part: int) -> list[Found]:
    """What is found in a log that is read in parts of so many bytes, the parts answered last to first."""
    log.write_text("".join(f"{line}\n" for line in lines))
    logs = Logs((LogFile(path=log),), part=part)
    answers = {piece.name: ENGINE(piece.name, piece.content) for piece in logs.pieces()}
    return list(logs.bursts({name: answers[name].marks for name in reversed(answers)}))


def test_twenty_failures_in_a_minute_are_a_burst_and_nineteen_are_not() -> None:
    assert bursts_of(failures(20, 3)) == [(1, 20, 20)]
    assert bursts_of(failures(19, 3)) == []
    assert bursts_of(failures(40, 4)) == []


def test_a_burst_that_goes_on_is_one_and_a_second_one_is_another() -> None:
    lines = [*failures(90, 1), *["calm"] * 5, *failures(25, 1, start=3600)]
    assert bursts_of(lines) == [(1, 90, 90), (96, 120, 25)]


def test_no_failure_belongs_to_two_bursts() -> None:
    # The clock jumps within the second group: with the tail of the first one it would be a burst, alone it is none.
    lines = [*failures(30, 1), *failures(1, 1, start=120), *failures(15, 1, start=31)]
    assert bursts_of(lines) == [(1, 30, 30)]


def test_without_a_clock_lines_that_stand_close_are_a_burst() -> None:
    assert bursts_of(["Failed password for root"] * 20) == [(1, 20, 20)]
    assert bursts_of([line for _ in range(20) for line in ["Failed password", *["calm"] * 20]]) == []


def test_access_logs_have_a_clock_of_their_own() -> None:
    line = '1.2.3.4 - - [01/Jan/2026:00:{:02}:00 +0000] "POST /login HTTP/1.1" 401 12'
    assert bursts_of([line.format(0)] * 20) == [(1, 20, 20)]
    assert bursts_of([line.format(n) for n in range(50)]) == []
    assert bursts_of(["2026-13-45T99:99:99 login failed"] * 5) == []


@given(st.lists(st.sampled_from(["login failed", "calm", *failures(3, 30)]), max_size=80))
def test_bursts_never_overlap_and_never_count_more_than_there_is(lines: list[str]) -> None:
    found = bursts_of(lines)
    assert all(first <= last for first, last, _ in found)
    assert sum(count for _, _, count in found) <= 2 * sum("failed" in line for line in lines)


@pytest.mark.parametrize("part", [40, 100, 700, WHOLE])
def test_a_burst_over_the_seam_of_two_parts_is_one_burst(tmp_path: Path, part: int) -> None:
    (found,) = found_in(tmp_path / "a.log", ["calm", *failures(24, 1)], part)
    assert found.excerpt.startswith("24 failed logins, never fewer than 20 in 60 s, up to line 25")


@given(
    st.lists(st.sampled_from(["login failed", "calm", *failures(40, 2)]), min_size=15, max_size=90),
    st.integers(40, 2000),  # a part is longer than a line
)
def test_however_a_log_is_cut_its_bursts_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], part: int
) -> None:
    log = tmp_path_factory.mktemp("logs") / "a.log"
    whole, cut = found_in(log, lines, WHOLE), found_in(log, lines, part)
    assert [(item.excerpt, item.content) for item in cut] == [(item.excerpt, item.content) for item in whole]


def test_the_failures_of_two_logs_are_no_burst_together(tmp_path: Path, pool: Pool) -> None:
    logs = tmp_path / "a.log", tmp_path / "b.log"
    for log in logs:
        log.write_text("\n".join(failures(12, 1)) + "\n")
    assert scan_logs(tuple(LogFile(path=log) for log in logs), pool).found == ()


def test_a_burst_in_a_later_part_is_told_on_its_own_line(tmp_path: Path, pool: Pool) -> None:
    log = tmp_path / "app.log"
    log.write_text("calm\n" * 900_000 + "\n".join(failures(22, 1)) + "\n")
    (found,) = scan_logs((LogFile(path=log),), pool).found
    assert (found.where, found.line) == (str(log), 900_001)
    assert "up to line 900022" in found.excerpt


def test_a_burst_is_told_with_its_time_so_that_it_can_be_compared_with_a_run(tmp_path: Path) -> None:
    (found,) = found_in(tmp_path / "a.log", failures(30, 1, start=7200), WHOLE)
    assert found.excerpt.endswith("from 2026-01-01 02:00:00 to 02:00:29 by the log's clock")
    (timeless,) = found_in(tmp_path / "a.log", ["login failed"] * 30, WHOLE)
    assert "clock" not in timeless.excerpt


def test_lines_that_name_the_battery_are_counted_and_still_told(tmp_path: Path) -> None:
    lines = [f"{line} {AGENT if n % 2 else 'curl'}" for n, line in enumerate(failures(40, 1))]
    (found,) = found_in(tmp_path / "a.log", lines, WHOLE)
    assert found.excerpt.startswith("40 failed logins")
    assert f"20 of these lines name {AGENT}, as the battery's requests do, but anybody's can" in found.excerpt


def test_the_rule_says_that_the_batterys_own_scans_leave_such_lines() -> None:
    rule = scan_rules()["logs.auth-failure-burst"]
    assert "a scan of the target by this battery leaves such lines too" in rule.why
    assert "give each run a fresh log" in rule.fix


def test_another_first_line_is_another_burst_and_moved_lines_are_the_same(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    (one,) = found_in(log, failures(30, 1), WHOLE)
    (moved,) = found_in(log, ["calm", *failures(30, 1)], WHOLE)
    (other,) = found_in(log, failures(30, 1, start=5), WHOLE)
    assert one.content == moved.content != other.content
    assert "login failed" not in one.content
