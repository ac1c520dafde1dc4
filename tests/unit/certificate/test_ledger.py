"""The ledger: nobody edits, drops, reorders, truncates or re-chains it unnoticed."""

import hashlib
import json
import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from battery.certificate import ledger, merkle
from battery.certificate.canonical import canonical
from battery.certificate.dsse import encode64, pae
from battery.errors import EvidenceCorrupt
from tests.fakes.certified_run import MADE, OTHER_SIGNER, SIGNER


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def append(folder: Path, number: int, hours: float | None = None) -> None:
    time = MADE + timedelta(hours=number if hours is None else hours)
    ledger.append(folder, digest(number), time, f"run-{number}", ("PASSED", "gold"), SIGNER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An artifacts folder whose ledger has four lines."""
    for number in range(4):
        append(tmp_path, number)
    return tmp_path


def lines_of(folder: Path) -> list[bytes]:
    return (folder / ledger.LEDGER).read_bytes().splitlines()


def read(lines: list[bytes], checkpoint: bytes | None = None) -> ledger.Ledger:
    key = None if checkpoint is None else SIGNER.public
    return ledger.read_ledger(b"".join(line + b"\n" for line in lines), checkpoint, key)


def rechained(lines: list[bytes]) -> list[bytes]:
    """The lines with numbers and hashes made to fit, as a forger would."""
    fitted: list[bytes] = []
    previous = ledger.FIRST
    for number, line in enumerate(lines):
        entry = {**json.loads(line), "seq": number, "previous": previous}
        fitted.append(canonical(entry))
        previous = hashlib.sha256(fitted[-1]).hexdigest()
    return fitted


def test_an_absent_ledger_is_empty_and_its_head_is_nothing(tmp_path: Path) -> None:
    assert ledger.head(tmp_path) == ""
    assert ledger.read_ledger(b"", None, None).entries == ()


def test_lines_follow_each_other_under_a_signed_checkpoint(folder: Path) -> None:
    found = read(lines_of(folder), (folder / ledger.CHECKPOINT).read_bytes())
    assert [entry.certificate for entry in found.entries] == [digest(number) for number in range(4)]
    assert found.note == "chain unbroken, 4 lines vouched for"
    assert ledger.head(folder) == digest(3)


def test_without_a_checkpoint_the_ledger_says_that_none_was_given(folder: Path) -> None:
    assert "no checkpoint" in read(lines_of(folder)).note


def test_a_certificate_is_entered_once(folder: Path) -> None:
    append(folder, 3)
    assert len(lines_of(folder)) == 4


@pytest.mark.parametrize(
    "forge",
    [
        lambda lines: [lines[0].replace(b"PASSED", b"FAILED"), *lines[1:]],
        lambda lines: [*lines[:-1], lines[-1].replace(b'"seq":3', b'"seq":4')],
        lambda lines: lines[1:],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines, b""],
        lambda lines: [lines[0] + b" ", *lines[1:]],
        lambda lines: [lines[0].replace(b'{"', b'{"result":"PASSED","', 1), *lines[1:]],
        lambda lines: [lines[0].replace(b'"seq":0', b'"seq":' + b"9" * 30), *lines[1:]],
        lambda lines: [lines[0].replace(b"12:00:00Z", b"12:00:00"), *lines[1:]],
        lambda lines: [b"\xff"],
        lambda lines: [b"[" * 1000],
        lambda lines: [b'"\\ud800"'],
    ],
)
def test_an_edit_a_deletion_and_a_reorder_break_the_chain(
    folder: Path, forge: Callable[[list[bytes]], list[bytes]]
) -> None:
    with pytest.raises(ledger.LedgerBroken):
        read(forge(lines_of(folder)))


def test_a_torn_line_is_broken(folder: Path) -> None:
    data = (folder / ledger.LEDGER).read_bytes()
    for cut in range(1, len(lines_of(folder)[-1]) + 1):
        with pytest.raises(ledger.LedgerBroken):
            ledger.read_ledger(data[:-cut], None, None)


def test_every_single_byte_of_the_ledger_counts_under_its_checkpoint(folder: Path) -> None:
    data = (folder / ledger.LEDGER).read_bytes()
    checkpoint = (folder / ledger.CHECKPOINT).read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(ledger.LedgerBroken):
            ledger.read_ledger(bytes(changed), checkpoint, SIGNER.public)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_a_truncation_passes_the_chain_and_not_a_kept_checkpoint(folder: Path, kept: int) -> None:
    short = lines_of(folder)[:kept]
    read(short)
    with pytest.raises(ledger.LedgerBroken, match="truncated"):
        read(short, (folder / ledger.CHECKPOINT).read_bytes())


@pytest.mark.parametrize(
    "forge",
    [
        lambda lines: [line.replace(b'"gold"', b'"none"') for line in lines],
        lambda lines: [*lines[:1], *lines[2:], lines[-1].replace(b"run-3", b"run-9")],
    ],
)
def test_a_re_chained_ledger_passes_the_chain_and_not_a_kept_checkpoint(
    folder: Path, forge: Callable[[list[bytes]], list[bytes]]
) -> None:
    forged = rechained(forge(lines_of(folder)))
    read(forged)
    with pytest.raises(ledger.LedgerBroken, match="re-chained"):
        read(forged, (folder / ledger.CHECKPOINT).read_bytes())


def test_lines_after_a_kept_checkpoint_are_told_apart(folder: Path) -> None:
    kept = (folder / ledger.CHECKPOINT).read_bytes()
    append(folder, 4)
    assert read(lines_of(folder), kept).note == "chain unbroken, 4 lines vouched for, 1 added since"


def test_a_checkpoint_by_another_key_is_refused(folder: Path) -> None:
    lines = lines_of(folder)
    foreign = ledger.sign_checkpoint(lines, MADE, OTHER_SIGNER)
    with pytest.raises(ledger.LedgerBroken, match="not signed by the given key"):
        read(lines, foreign)


def test_a_signature_over_a_certificate_is_none_over_a_checkpoint(folder: Path) -> None:
    from battery.certificate.dsse import IN_TOTO

    signed = json.loads((folder / ledger.CHECKPOINT).read_bytes())
    payload = canonical({"size": 0, "root": merkle.EMPTY_ROOT, "time": "2026-03-01T00:00:00Z"})
    signed |= {"payload": encode64(payload), "sig": encode64(SIGNER.sign(pae(IN_TOTO, payload)))}
    with pytest.raises(ledger.LedgerBroken, match="not signed"):
        read(lines_of(folder), json.dumps(signed).encode())


def checkpoint_over(value: Any) -> bytes:
    payload = json.dumps(value).encode()
    signature = SIGNER.sign(pae(ledger.CHECKPOINT_TYPE, payload))
    return json.dumps({"payload": encode64(payload), "sig": encode64(signature)}).encode()


@pytest.mark.parametrize(
    "checkpoint",
    [
        b"",
        b"{}",
        b'{"payload":"A","sig":"AA=="}',
        b'{"payload":"AA==","sig":"AA==","extra":1}',
        checkpoint_over({"size": -1, "root": merkle.EMPTY_ROOT, "time": "2026-03-01T00:00:00Z"}),
        checkpoint_over({"size": 0, "root": merkle.EMPTY_ROOT, "time": "2026-03-01T00:00:00"}),
        checkpoint_over({"size": 0, "root": "0" * 64, "time": "2026-03-01T00:00:00Z"}),
        checkpoint_over([]),
    ],
)
def test_a_checkpoint_that_is_none_is_refused(folder: Path, checkpoint: bytes) -> None:
    with pytest.raises(ledger.LedgerBroken):
        read(lines_of(folder), checkpoint)


def test_a_line_that_is_older_than_the_one_before_breaks_the_ledger(folder: Path) -> None:
    lines = lines_of(folder)
    entry = {**json.loads(lines[3]), "time": "2026-03-01T11:00:00Z"}
    with pytest.raises(ledger.LedgerBroken, match="older"):
        read([*lines[:3], canonical(entry)])


def test_a_run_that_finished_before_the_last_entered_one_does_not_break_the_ledger(folder: Path) -> None:
    append(folder, 9, hours=1)
    entries = read(lines_of(folder)).entries
    assert entries[-1].time == entries[-2].time


def test_nothing_is_appended_to_a_broken_ledger(folder: Path) -> None:
    path = folder / ledger.LEDGER
    path.write_bytes(path.read_bytes()[:-5])
    for act in (lambda: append(folder, 5), lambda: ledger.head(folder)):
        with pytest.raises(EvidenceCorrupt, match="move it away"):
            act()
    path.unlink()
    path.mkdir()
    with pytest.raises(EvidenceCorrupt):
        ledger.head(folder)


def append_many(folder: Path, start: int) -> None:
    for number in range(start, start + 15):
        with ledger.hold(folder):
            append(folder, number)


def test_two_processes_that_append_at_once_leave_one_unbroken_ledger(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=append_many, args=(tmp_path, start)) for start in (0, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    found = read(lines_of(tmp_path), (tmp_path / ledger.CHECKPOINT).read_bytes())
    assert len(found.entries) == 30
    assert len({entry.certificate for entry in found.entries}) == 30
