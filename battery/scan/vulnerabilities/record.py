"""A vulnerability record in the OSV format, as far as it is judged; unknown fields are allowed."""

import re
from datetime import datetime
from typing import Annotated, Any

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\Z")


class Package(msgspec.Struct, frozen=True, order=True):
    """What is looked up: a package of one version in one ecosystem."""

    ecosystem: str
    name: str
    version: str = ""


class AffectedPackage(msgspec.Struct, frozen=True):
    """The package that a record speaks of."""

    ecosystem: str = ""
    name: str = ""


class Event(msgspec.Struct, frozen=True):
    """Where a vulnerable stretch of versions begins or ends; a record sets one of the four."""

    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None


class Range(msgspec.Struct, frozen=True):
    """Vulnerable stretches of versions."""

    type: str = ""
    events: list[Event] | None = None


class Severity(msgspec.Struct, frozen=True):
    """A score as a vector of the system that `type` names."""

    type: str = ""
    score: str = ""


class Affected(msgspec.Struct, frozen=True):
    """Which versions of one package are vulnerable."""

    package: AffectedPackage | None = None
    ranges: list[Range] | None = None
    versions: list[str] | None = None
    severity: list[Severity] | None = None
    database_specific: Any = None
    ecosystem_specific: Any = None


class OsvRecord(msgspec.Struct, frozen=True):
    """One vulnerability as one database tells it."""

    id: str
    modified: Moment
    withdrawn: Moment | None = None
    aliases: list[str] | None = None
    summary: str = ""
    severity: list[Severity] | None = None
    affected: list[Affected] | None = None
    database_specific: Any = None

    def is_withdrawn(self, now: datetime) -> bool:
        """Whether its database has taken it back."""
        return self.withdrawn is not None and self.withdrawn <= now


class Heading(msgspec.Struct, frozen=True):
    """The part of a record that tells whether the rest matters."""

    id: str
    modified: Moment
    affected: list["HeadingAffected"] | None = None


class HeadingAffected(msgspec.Struct, frozen=True):
    """The package of one affected entry."""

    package: AffectedPackage | None = None


def is_id(text: str) -> bool:
    """Whether the text can be a vulnerability's id: it becomes a part of URLs and messages."""
    return _ID.match(text) is not None


def same_name(ecosystem: str, name: str) -> str:
    """The name as its ecosystem compares names."""
    return re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "PyPI" else name


def same_ecosystem(text: str) -> str:
    """The ecosystem without the suffix that some databases add after a colon."""
    return text.partition(":")[0]
