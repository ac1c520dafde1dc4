"""The log scan over the files and journals that the user named."""

from pathlib import Path
from random import SystemRandom

import msgspec

from battery.model.security import JOURNAL
from battery.scan.interface import Found, ScanResult, Skipped
from battery.scan.source.logs.canary import plant
from battery.scan.source.logs.journal import Journal
from battery.scan.source.logs.parts import Log, LogFile, Logs, Part
from battery.scan.source.pool import Pool
from battery.scan.source.pool_scan import Pass, result_of, scan_pieces


def log_named(name: str, base: Path) -> Log:
    """The log that battery.toml names: a unit's journal, or a file from the base."""
    if name.startswith(JOURNAL):
        return Journal(unit=name.removeprefix(JOURNAL))
    return LogFile(path=base / name)


def scan_logs(named: tuple[Log, ...], pool: Pool) -> ScanResult:
    """Scan each log in parts; one that is missing, empty or unreadable makes the scan incomplete."""
    logs = Logs(named)
    gathered, seen = scan_pieces(
        pool, "logs", logs.pieces(), plant(SystemRandom()), (len(named), logs.size()), logs.bursts
    )
    gathered.found = [_placed(item, logs.parts) for item in gathered.found]
    failed = _of_logs(gathered, logs)
    gathered.skipped = [Skipped(what=log, reason=reason, harmless=False) for log, reason in failed.items()]
    gathered.scanned = len(named) - len(failed)
    return result_of(
        "logs",
        gathered,
        seen,
        discovered=len(named),
        nothing="no log was read: name logs that are there and hold something",
    )


def _of_logs(gathered: Pass, logs: Logs) -> dict[str, str]:
    """The logs of which a part or all was not scanned, with the first reason."""
    failed = dict(logs.unread)
    for skip in gathered.skipped:
        failed.setdefault(logs.parts[skip.what].log, skip.reason)
    return failed


def _placed(item: Found, parts: dict[str, Part]) -> Found:
    part = parts[item.where]
    return msgspec.structs.replace(item, where=part.log, line=item.line + part.lines_before)
