"""waivers.toml: exceptions with an owner, a reason and an end."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from battery.definitions.spelling import shown
from battery.definitions.toml_file import load
from battery.errors import DefinitionError
from battery.model.frozen import Frozen
from battery.model.waiver import Waiver

LONGEST = timedelta(days=90)
_RULE = re.compile(r"G[0-9]+[a-z]?:[a-z][a-z0-9_.]*")
_SUBJECT = re.compile(r"(?:sha256:)?[0-9a-f]{64}")


class WaiversFile(Frozen, frozen=True, kw_only=True):
    """waivers.toml."""

    waiver: tuple[Waiver, ...] = ()


def load_waivers(path: Path, now: datetime) -> tuple[Waiver, ...]:
    """The waivers in the file, expired ones too: judging reports those.

    Raises: DefinitionError for a waiver without target, owner, reason, zone, or with an end beyond 90 days.
    """
    file, _ = load(path, WaiversFile)
    for index, waiver in enumerate(file.waiver):
        _check(waiver, now, str(path), f"waiver[{index}]")
    return file.waiver


def _check(waiver: Waiver, now: datetime, file: str, key: str) -> None:
    if bool(waiver.rule) == bool(waiver.finding):
        raise DefinitionError(file, "needs either a rule or a finding", key=key)
    if waiver.rule and not _RULE.fullmatch(waiver.rule):
        problem = f'{shown(waiver.rule)} names no rule; expected one such as "G2:load.p3.p99"'
        raise DefinitionError(file, problem, key=f"{key}.rule")
    if waiver.subject and not _SUBJECT.fullmatch(waiver.subject):
        problem = f"{shown(waiver.subject)} is no digest; expected sha256: and 64 lower-case hex digits"
        raise DefinitionError(file, problem, key=f"{key}.subject")
    for name in ("reason", "owner"):
        if not getattr(waiver, name).strip():
            raise DefinitionError(file, "is empty; somebody must answer for a waiver", key=f"{key}.{name}")
    if waiver.expires.tzinfo is None:
        problem = (
            f"{shown(waiver.expires)} has no time zone; expected an instant such as 2030-01-31T12:00:00Z"
        )
        raise DefinitionError(file, problem, key=f"{key}.expires")
    if waiver.expires - now > LONGEST:
        problem = f"{shown(waiver.expires)} is too far away; expected at most {LONGEST.days} days from today"
        raise DefinitionError(file, problem, key=f"{key}.expires")
