"""The code engine, in a worker: one file in, bandit's findings out under the battery's own rules, secrets masked."""

import logging
import warnings
from collections.abc import Callable
from typing import Any, Literal

from battery.scan.fingerprint import Fingerprints
from battery.scan.interface import Found
from battery.scan.rules import scan_rules
from battery.scan.source.code.outcome import Outcome
from battery.scan.source.code.refining import refined
from battery.scan.source.pool_messages import Answer
from battery.scan.source.secrets.masking import Masking

_MOST_LINES = 3  # of a statement: its beginning says what it is, and a change further down is another matter
_CONFIDENCE: dict[str, Literal["high", "medium", "low"]] = {"HIGH": "high", "MEDIUM": "medium", "LOW": "low"}
_TELLS_A_SECRET = {"B105", "B106", "B107"}  # their texts quote the password


def open_engine(key: bytes) -> Callable[[str, bytes], Answer]:
    """An engine whose contents are sealed under the key."""
    logging.getLogger("bandit").setLevel(logging.CRITICAL)  # what it complains of comes back as outcome
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bandit's own libraries warn of each other as they are imported
        from battery.scan.source.code.bandit_run import BanditRun

        run, prints, masking = BanditRun(), Fingerprints(key), Masking()

    def scan(name: str, content: bytes) -> Answer:
        outcome = run.scan(name, content)
        if outcome.unread:
            return Answer(unread=outcome.unread, harmless=False)
        lines = content.decode("utf-8", "replace").splitlines() if outcome.issues else []
        found = tuple(_found(issue, name, lines, prints, masking) for issue in outcome.issues)
        return Answer(found=found, counts=_counts(outcome))

    return scan


def rule_of(test_id: str, severity: str, case: str = "") -> str:
    """The battery's rule for a bandit test: that of a case, or of bandit's own severity, where the data has one."""
    rules = scan_rules()
    suffixes = [case] if case else []
    for suffix in (*suffixes, f".{severity.lower()}", ""):
        candidate = f"code.{test_id}{suffix}"
        if candidate in rules:
            return candidate
    return f"code.unknown.{severity.lower()}"


def _statement(issue: Any, lines: list[str]) -> str:
    return "\n".join(lines[issue.lineno - 1 : max(issue.linerange, default=issue.lineno)])


def _counts(outcome: Outcome) -> dict[str, int]:
    counts = {"nosec": outcome.suppressed, **{f"failed {test}": 1 for test in outcome.failed}}
    return {name: count for name, count in counts.items() if count}


def _found(issue: Any, name: str, lines: list[str], prints: Fingerprints, masking: Masking) -> Found:
    last = min(max(issue.linerange, default=issue.lineno), issue.lineno + _MOST_LINES - 1)
    text = "\n".join(lines[issue.lineno - 1 : last])
    secret = issue.test_id in _TELLS_A_SECRET
    return Found(
        rule=rule_of(issue.test_id, issue.severity, refined(issue.test_id, _statement(issue, lines))),
        where=name,
        line=issue.lineno,
        column=max(issue.col_offset or 0, 0) + 1,
        content=prints.seal(text),
        excerpt=masking.strings(text) if secret else masking.line(text),
        detail=f"{issue.test_id}: a password stands in the source"
        if secret
        else f"{issue.test_id}: {masking.line(issue.text)}",
        confidence=_CONFIDENCE.get(issue.confidence, "low"),
    )
