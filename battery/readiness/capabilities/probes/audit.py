"""Audit logging: an action leaves a record, and attacks on copies of the log are detected."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx

from battery.definitions.toml_file import load
from battery.errors import BatteryError
from battery.model.capabilities import AuditShown
from battery.model.quantity import seconds
from battery.readiness.audit_chain.attacks import FEWEST
from battery.readiness.audit_chain.chain_log import LARGEST, Entry, read_entries
from battery.readiness.audit_chain.command_verifier import CommandVerifier
from battery.readiness.audit_chain.description import ChainDescription
from battery.readiness.audit_chain.detection import detect
from battery.readiness.audit_chain.file_check import Anchor
from battery.readiness.audit_chain.http_verifier import HttpVerifier
from battery.readiness.audit_chain.own_verifier import OwnVerifier
from battery.readiness.audit_chain.suite import SuiteResult, run_suite
from battery.readiness.audit_chain.verifier import Verifier
from battery.readiness.capabilities.audit import AuditFacts
from battery.readiness.capabilities.capability import Known
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.waiting import until

_TRIES = 20
_REST = 0.5  # a line is written before whatever tells that it is there


class _Copy(NamedTuple):
    """The log at a moment, with what lies beside it and where its end is told to be."""

    log: bytes
    beside: dict[str, bytes]
    anchor: Anchor | None


def probe_audit(
    asker: Asker, http: httpx.Client, shown: AuditShown, base: Path, tell: Callable[[str], None]
) -> AuditFacts:
    """Act, then attack copies; the log itself is only read."""
    file = base / shown.file
    records = _records_actions(asker, shown, file)
    try:
        copy = _copy(asker, shown, file)
        result = _attacked(copy, http, shown, base)
    except (BatteryError, OSError) as error:
        tell(str(error))
        return AuditFacts(records_actions=records)
    tell(f"{result.verifier}, {result.records} records: {result.control.said}")
    for outcome in result.outcomes:
        tell(f"{outcome.attack}: {outcome.what}; {outcome.said}")
    detected: dict[str, Known] = {outcome.attack: outcome.detected for outcome in result.outcomes}
    return AuditFacts(records_actions=records, control_accepted=result.control.intact, detected=detected)


def _records_actions(asker: Asker, shown: AuditShown, file: Path) -> Known:
    """Whether each action makes the log longer; there are enough of them for the attacks afterwards."""
    if shown.action is None:
        return None
    for number in range(FEWEST):
        before = _lines(file)
        if not asker.ask(shown.action, number=number).status:
            return None
        if not _grows(file, before, seconds(shown.patience)):
            return False
    return True


def _grows(file: Path, before: int, patience: float) -> bool:
    return until(lambda: _lines(file), lambda lines: lines > before, patience) > before


def _lines(file: Path) -> int:
    return _content(file).count(b"\n") if file.is_file() else 0


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _copy(asker: Asker, shown: AuditShown, file: Path) -> _Copy:
    """A moment in which nothing is written; a log that never rests is taken as it is.

    What lies beside it goes first: what the service adds in between stands behind the end that it tells.
    """
    copy = _look(asker, shown, file)
    for _ in range(_TRIES):
        time.sleep(_REST)
        again = _look(asker, shown, file)
        if again == copy:
            break
        copy = again
    return copy


def _look(asker: Asker, shown: AuditShown, file: Path) -> _Copy:
    beside = {name: _content(file.parent / name) for name in shown.beside}
    anchor = _anchor(asker, shown)
    return _Copy(_content(file), beside, anchor)


def _anchor(asker: Asker, shown: AuditShown) -> Anchor | None:
    records, head = asker.number(shown.records), asker.value(shown.head)
    return Anchor(records=records, head=head) if records and isinstance(head, str) else None


def _attacked(copy: _Copy, http: httpx.Client, shown: AuditShown, base: Path) -> SuiteResult:
    entries = read_entries(copy.log)
    description = _description(shown, base, entries)
    verifier = _verifier(copy, http, shown, base, description)
    return run_suite(entries, description, verifier, copy.log, beside=copy.beside)


def _description(shown: AuditShown, base: Path, entries: tuple[Entry, ...]) -> ChainDescription:
    if shown.description:
        return load(base / shown.description, ChainDescription)[0]
    return detect(entries)


def _verifier(
    copy: _Copy, http: httpx.Client, shown: AuditShown, base: Path, description: ChainDescription
) -> Verifier:
    if shown.verify_command:
        return CommandVerifier(shown.verify_command, folder=base)
    if shown.verify_path:
        return HttpVerifier(http, shown.verify_path)
    return OwnVerifier(description, copy.anchor)
