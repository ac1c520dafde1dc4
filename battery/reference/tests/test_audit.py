"""The audit log: going on after any end, and when the disk does not take it."""

import asyncio
from pathlib import Path

import pytest

from battery.reference.audit.event import MOST_ITEMS, Event, folded
from battery.reference.audit.head import FILE as HEAD
from battery.reference.audit.key import WrongKey, kept_key, key_in, own_key
from battery.reference.audit.log_file import AuditBusy, LogFile
from battery.reference.audit.trail import MOST_WAITING, NoAudit, Trail
from battery.reference.audit.verification import verify_file

KEY = b"0123456789abcdef"
EVENTS = [Event("now", "one"), Event("now", "two")]


def _written(folder: Path, *events: Event) -> LogFile:
    log = LogFile(folder, KEY)
    log.append(events or EVENTS)
    return log


def test_a_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    first = _written(tmp_path)
    first.vouch()
    first.close()
    again = _written(tmp_path)
    again.vouch()
    again.close()
    assert (again.found, again.link.records, len(again.recent)) == ("", 4, 4)
    assert verify_file(again.log, again.head, KEY).intact


def test_records_behind_the_head_are_kept_and_half_of_one_is_cut_off(tmp_path: Path) -> None:
    first = _written(tmp_path)
    first.close()
    with first.log.open("ab") as file:
        file.write(b'{"half')
    again = LogFile(tmp_path, KEY)
    again.close()
    assert again.found == "2 records written after the head; 6 bytes of an unfinished record cut off"


@pytest.mark.parametrize("harm", ["cut", "head", "foreign", "behind"])
def test_a_log_that_does_not_fit_is_set_aside_as_evidence(tmp_path: Path, harm: str) -> None:
    for _ in range(2):
        first = _written(tmp_path)
        first.vouch()
        first.close()
        if harm == "cut":
            first.log.write_bytes(b"")
        elif harm == "head":
            first.head.unlink()
        elif harm == "foreign":
            first.head.write_bytes(b"what?")
        else:
            first.log.write_bytes(first.log.read_bytes() + b"{}\n")
    again = LogFile(tmp_path, KEY)
    again.close()
    assert "is kept as audit.broken-2.ndjson" in again.found
    assert (tmp_path / "audit.broken-1.ndjson").exists()


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    log = _written(tmp_path)
    with pytest.raises(AuditBusy):
        LogFile(tmp_path, KEY, lock_seconds=0.0)
    log.close()


def test_changes_of_one_kind_in_a_row_are_one_record() -> None:
    events = [Event("now", "order.placed", items=(number,)) for number in range(MOST_ITEMS + 1)]
    assert [len(event.items) for event in folded([*events, Event("now", "logout")])] == [MOST_ITEMS, 1, 0]


def test_a_key_is_made_once_and_one_that_is_none_is_refused(tmp_path: Path) -> None:
    key = own_key(tmp_path)
    assert own_key(tmp_path) == kept_key(tmp_path) == key
    (tmp_path / "audit.key").write_bytes(b"short")
    with pytest.raises(WrongKey, match="needs at least"):
        own_key(tmp_path)
    with pytest.raises(WrongKey, match="cannot be read"):
        kept_key(tmp_path / "nowhere")
    assert (key_in({}), key_in({"REFERENCE_AUDIT_KEY": "x" * 16})) == (None, b"x" * 16)
    with pytest.raises(WrongKey, match="5 characters"):
        key_in({"REFERENCE_AUDIT_KEY": "short"})


def test_a_flood_of_events_is_kept_up_to_its_bound(tmp_path: Path, runner: asyncio.Runner) -> None:
    trail = Trail(tmp_path, KEY)

    async def flood() -> bool:
        for number in range(MOST_WAITING + 5000):
            trail.note("order.placed", actor=str(number))
        return await trail.settled()

    try:
        while not runner.run(flood()):
            continue
        assert trail.verify().intact
        assert trail.figures().waiting == 0
    finally:
        trail.close()
    assert trail.figures().records > MOST_WAITING


def test_a_disk_that_fails_is_waited_out(
    tmp_path: Path, runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    trail = Trail(folder, KEY)
    (folder / HEAD).unlink()
    # The head cannot be replaced by a file while a folder has its name.
    (folder / HEAD).mkdir()
    trail.note("one")
    assert runner.run(trail.settled()) is False
    (folder / HEAD).rmdir()
    trail.note("two")
    trail.close()
    assert "the audit log cannot be written" in caplog.text
    assert verify_file(folder / "audit.ndjson", folder / HEAD, KEY).intact


def test_without_a_log_nothing_is_kept_and_nobody_waits(runner: asyncio.Runner) -> None:
    audit = NoAudit()
    audit.note("one")
    assert runner.run(audit.settled())
