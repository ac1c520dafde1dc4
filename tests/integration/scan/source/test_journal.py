"""A unit's journal is scanned as a log file is: written by systemd's own tool, read through the real journalctl."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from battery.scan.interface import ScanResult
from battery.scan.source.logs.scan import log_named, scan_logs
from battery.scan.source.pool import Pool

pytestmark = pytest.mark.real("journalctl", "systemd-journal-remote")
BOOT, FAILURES = "0123456789abcdef" * 2, 25


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of two units; journalctl reads it in place of this machine's."""
    entries = [f"login failed for eve, try {number}" for number in range(FAILURES)]
    texts = [_entry("shop.service", text, number) for number, text in enumerate(entries)]
    texts.append(_entry("other.service", "Traceback (most recent call last):", FAILURES))
    export, folder, commands = tmp_path / "export", tmp_path / "journal", tmp_path / "bin"
    export.write_text("".join(texts))
    folder.mkdir()
    commands.mkdir()
    write = ["systemd-journal-remote", "-o", str(folder / "a.journal"), str(export)]
    subprocess.run(write, check=True, capture_output=True)
    (commands / "journalctl").write_text(
        f'#!/bin/sh\nexec {shutil.which("journalctl")} --directory={folder} "$@"\n'
    )
    (commands / "journalctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(commands), prepend=":")
    return commands / "journalctl"


def _entry(unit: str, message: str, second: int) -> str:
    micros = int((time.time() - 60 + second) * 1e6)
    fields = {
        "__REALTIME_TIMESTAMP": micros,
        "__MONOTONIC_TIMESTAMP": second * 1_000_000,
        "_BOOT_ID": BOOT,
        "_SYSTEMD_UNIT": unit,
        "SYSLOG_IDENTIFIER": unit.partition(".")[0],
        "MESSAGE": message,
    }
    return "".join(f"{name}={value}\n" for name, value in fields.items()) + "\n"


def scanned(name: str) -> ScanResult:
    with Pool(workers=1, key=bytes(32)) as pool:
        return scan_logs((log_named(name, Path()),), pool)


def test_the_journal_of_a_unit_is_scanned_and_no_others(journal: Path) -> None:
    result = scanned("journal:shop.service")
    (found,) = result.found
    assert (found.rule, found.where) == ("logs.auth-failure-burst", "journal:shop.service")
    assert f"{FAILURES} failed logins" in found.excerpt
    assert "by the log's clock" in found.excerpt
    assert result.incomplete == ()
    assert (result.ledger.discovered, result.ledger.scanned) == (1, 1)


def test_a_unit_that_said_nothing_is_incomplete(journal: Path) -> None:
    assert (
        scanned("journal:absent.service").incomplete[0] == "journal:absent.service: empty: nothing to judge"
    )


def test_a_journal_that_may_not_be_read_is_incomplete_with_the_reason(journal: Path) -> None:
    journal.write_text("#!/bin/sh\necho some lines; echo 'No journal files were opened' >&2; exit 1\n")
    assert scanned("journal:shop.service").incomplete[0] == (
        "journal:shop.service: cannot be read: journalctl ended with 1: No journal files were opened"
    )


def test_a_machine_without_journalctl_is_told_so(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(journal.parent / "nothing"))
    assert "journalctl is not installed here" in scanned("journal:shop.service").incomplete[0]
