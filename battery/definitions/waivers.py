"""waivers.toml: exceptions with an owner, a reason and an end."""

from datetime import datetime, timedelta
from pathlib import Path

from battery.definitions.toml_file import load
from battery.errors import DefinitionError
from battery.model.frozen import Frozen
from battery.model.waiver import Waiver

LONGEST = timedelta(days=90)


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
    for name in ("reason", "owner"):
        if not getattr(waiver, name).strip():
            raise DefinitionError(file, "is empty; somebody must answer for a waiver", key=f"{key}.{name}")
    if waiver.expires.tzinfo is None:
        raise DefinitionError(
            file,
            f"{waiver.expires} has no time zone; expected an instant such as 2030-01-31T12:00:00Z",
            key=f"{key}.expires",
        )
    if waiver.expires - now > LONGEST:
        raise DefinitionError(
            file, f"{waiver.expires} is more than {LONGEST.days} days away", key=f"{key}.expires"
        )
