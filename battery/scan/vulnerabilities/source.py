"""What a source of vulnerability data must offer."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import msgspec

from battery.scan.vulnerabilities.record import OsvRecord, Package, is_id


class Match(msgspec.Struct, frozen=True):
    """One record that affects a package. Without a record the source named the id and could not tell more."""

    id: str
    fixed: str = ""
    record: OsvRecord | None = None

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other names of the vulnerability; what cannot be a name is left out."""
        return tuple(filter(is_id, (self.record.aliases or []) if self.record else []))


class Answer(msgspec.Struct, frozen=True):
    """What a source knows. A package in neither `matches` nor `unanswered` was looked up and is not affected."""

    matches: dict[Package, list[Match]] = {}
    unanswered: dict[Package, str] = {}
    """Packages that were not looked up, each with the reason."""
    incomplete: tuple[str, ...] = ()
    facts: dict[str, str] = {}


class Plant(msgspec.Struct, frozen=True):
    """A canary: a package that the source must report under that id."""

    package: Package
    id: str


class VulnerabilitySource(Protocol):
    """Looks packages up."""

    name: str

    def plant(self, ecosystem: str) -> Plant:
        """The canary for an ecosystem."""
        ...

    def look_up(self, packages: Collection[Package], now: datetime) -> Answer:
        """What affects the packages. It never raises: what goes wrong makes the answer incomplete."""
        ...
