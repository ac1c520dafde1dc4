"""Whether a record's versions and ranges hold a package's version, by the evaluation of the OSV schema."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from battery.scan.vulnerabilities.record import (
    Affected,
    Event,
    OsvRecord,
    Package,
    Range,
    same_ecosystem,
    same_name,
)
from battery.scan.vulnerabilities.semver import Semver


class Judged(msgspec.Struct, frozen=True):
    """The answer. `unclear` says why there is none; `fixed` is the next version without the defect, if one is known."""

    affected: bool
    fixed: str = ""
    unclear: str = ""


def judged(record: OsvRecord, package: Package) -> Judged:
    """Whether the record affects the package."""
    entries = list(concerning(record, package))
    if not entries:
        return Judged(False)
    order = _order(package.ecosystem)
    answers = [_entry(entry, package.version, order) for entry in entries]
    affected = [answer for answer in answers if answer.affected]
    if affected:
        return Judged(True, _earliest((answer.fixed for answer in affected), order))
    return Judged(False, unclear=next((answer.unclear for answer in answers if answer.unclear), ""))


def concerning(record: OsvRecord, package: Package) -> Iterator[Affected]:
    """The entries of the record that speak of the package."""
    name = same_name(package.ecosystem, package.name)
    for entry in record.affected or []:
        said = entry.package
        if said is None or same_ecosystem(said.ecosystem) != package.ecosystem:
            continue
        if same_name(package.ecosystem, said.name) == name:
            yield entry


def later(ecosystem: str, versions: Iterator[str]) -> str:
    """The latest of several fixed versions: it is free of the defect whichever database is right."""
    order = _order(ecosystem)
    readable = [version for version in versions if _readable(version, order)]
    return max(readable, key=order, default="")


def _order(ecosystem: str) -> Callable[[str], Any]:
    """How the ecosystem orders versions; what it returns raises ValueError for a text that is no version."""
    if ecosystem == "npm":
        return Semver
    from packaging.version import Version

    return Version


def _entry(entry: Affected, version: str, order: Callable[[str], Any]) -> Judged:
    listed = entry.versions or []
    ranges = [one for one in entry.ranges or [] if one.type in ("SEMVER", "ECOSYSTEM")]
    unclear = "" if listed or ranges else "the record names neither versions nor ranges of versions"
    affected, fixed = _is_listed(version, listed, order), []
    for one in ranges:
        try:
            place = order(version)
            affected = _holds(one, place, order) or affected
            fixed.append(_fixed(one, place, order))
        except ValueError as error:
            unclear = str(error)
    if affected:
        return Judged(True, _earliest(iter(fixed), order))
    return Judged(False, unclear=unclear)


def _is_listed(version: str, listed: list[str], order: Callable[[str], Any]) -> bool:
    if version in listed:
        return True
    if not _readable(version, order):
        return False
    place = order(version)
    return any(order(other) == place for other in listed if _readable(other, order))


def _holds(one: Range, place: Any, order: Callable[[str], Any]) -> bool:
    """Walk the events in the order of their versions; the last one at or before the place decides."""
    events = one.events or []
    limits = [event.limit for event in events if event.limit not in (None, "*")]
    if limits and not any(place < order(limit) for limit in limits):
        return False
    moves = [event for event in events if event.limit is None]
    # "0" stands before every version, pre-releases of 0 included.
    vulnerable = any(event.introduced == "0" for event in moves)
    rest = [(order(_at(event)), event) for event in moves if event.introduced != "0"]
    rest.sort(key=lambda pair: pair[0])
    for at, event in rest:
        begins_here = event.introduced is not None and place >= at
        ends_here = (event.fixed is not None and place >= at) or (
            event.last_affected is not None and place > at
        )
        vulnerable = begins_here or (vulnerable and not ends_here)
    return vulnerable


def _at(event: Event) -> str:
    at = event.introduced or event.fixed or event.last_affected
    if not at:
        raise ValueError("an event of a range names no version")
    return at


def _fixed(one: Range, place: Any, order: Callable[[str], Any]) -> str:
    """The first fix of a range that lies after the place."""
    later_ones = [event.fixed for event in one.events or [] if event.fixed and order(event.fixed) > place]
    return min(later_ones, key=order, default="")


def _earliest(versions: Iterator[str], order: Callable[[str], Any]) -> str:
    return min((version for version in versions if version), key=order, default="")


def _readable(version: str, order: Callable[[str], Any]) -> bool:
    try:
        order(version)
    except ValueError:
        return False
    return True
