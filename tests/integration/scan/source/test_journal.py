"""A unit's journal is scanned as a log file is: written by systemd's own tool, read through the real journalctl."""

import shutil
import struct
import subprocess
import time
from pathlib import Path

import pytest

from battery.scan.interface import ScanResult
from battery.scan.source.logs.scan import log_named, scan_logs
from battery.scan.source.pool import Pool

pytestmark = pytest.mark.real("journalctl", "systemd-journal-remote")
BOOT, FAILURES, SECRET = "0123456789abcdef" * 2, 25, "9f86d081884c7d659a2feaa0"
JAVA = (
    "java.lang.IllegalStateException: sold out",
    "\tat shop.Cart.add(Cart.java:42)",
    "\tat shop.Main.main(Main.java:7)",
)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of several units; journalctl reads it in place of this machine's."""
    failures = [f"login failed for eve, try {number}" for number in range(FAILURES)]
    entries = [("shop.service", text.encode()) for text in failures]
    entries += [("other.service", b"Traceback (most recent call last):")]
    entries += [("java.service", line.encode()) for line in JAVA]
    entries += [("bytes.service", b"caf\xe9 Authorization: Basic " + SECRET.encode())]
    export, folder, commands = tmp_path / "export", tmp_path / "journal", tmp_path / "bin"
    export.write_bytes(b"".join(_entry(unit, text, second) for second, (unit, text) in enumerate(entries)))
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


def _entry(unit: str, message: bytes, second: int) -> bytes:
    """One entry in systemd's export format, which gives a field's length where it is no plain text."""
    micros = int((time.time() - 600 + second) * 1e6)
    fields = {
        "__REALTIME_TIMESTAMP": micros,
        "__MONOTONIC_TIMESTAMP": second * 1_000_000,
        "_BOOT_ID": BOOT,
        "_SYSTEMD_UNIT": unit,
        "SYSLOG_IDENTIFIER": unit.partition(".")[0],
    }
    head = "".join(f"{name}={value}\n" for name, value in fields.items()).encode()
    return head + b"MESSAGE\n" + struct.pack("<Q", len(message)) + message + b"\n\n"


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


def test_what_is_no_text_hides_nothing_and_no_secret_is_shown(journal: Path) -> None:
    (found,) = scanned("journal:bytes.service").found
    assert found.rule == "logs.credential"
    assert SECRET not in repr(found)


def test_an_error_that_was_written_line_by_line_is_one(journal: Path) -> None:
    (found,) = scanned("journal:java.service").found
    assert (found.rule, found.line) == ("logs.stack-trace", 1)
    assert "IllegalStateException" in found.excerpt


@pytest.mark.parametrize("unit", ["shop*", "sho?.service", "[s]hop.service"])
def test_a_pattern_of_units_is_refused(journal: Path, unit: str) -> None:
    assert "names many units at once" in scanned(f"journal:{unit}").incomplete[0]


def test_a_damaged_journal_is_incomplete(journal: Path) -> None:
    (journal.parent.parent / "journal" / "b.journal").write_bytes(b"LPKSHHRH" + bytes(4096))
    assert "journalctl ended with" in scanned("journal:shop.service").incomplete[0]


def test_a_unit_that_said_nothing_is_incomplete(journal: Path) -> None:
    assert (
        scanned("journal:absent.service").incomplete[0] == "journal:absent.service: empty: nothing to judge"
    )


def test_a_journal_that_may_not_be_read_is_incomplete_with_the_reason(journal: Path) -> None:
    journal.write_text("#!/bin/sh\necho '{}'; echo 'No journal files were opened' >&2; exit 1\n")
    assert scanned("journal:shop.service").incomplete[0] == (
        "journal:shop.service: cannot be read: journalctl ended with 1: No journal files were opened"
    )


def test_a_machine_without_journalctl_is_told_so(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(journal.parent / "nothing"))
    assert "journalctl is not installed here" in scanned("journal:shop.service").incomplete[0]
