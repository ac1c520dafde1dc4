"""OSV data from a folder or zip: nothing leaves the machine."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from battery.scan.sbom.unreadable import shown
from battery.scan.vulnerabilities.affecting import judged
from battery.scan.vulnerabilities.ages import Ages
from battery.scan.vulnerabilities.entries import Entry, entries
from battery.scan.vulnerabilities.planted import plant_in, planted_entry
from battery.scan.vulnerabilities.record import (
    Affected,
    Heading,
    HeadingAffected,
    OsvRecord,
    Package,
    is_id,
    same_ecosystem,
    same_name,
)
from battery.scan.vulnerabilities.source import Answer, Match, Plant

_MOST_TOLD = 5


class OfflineDatabase:
    """An offline copy of the OSV database."""

    name = "OSV offline"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._heading = msgspec.json.Decoder(Heading)
        self._record = msgspec.json.Decoder(OsvRecord)

    def plant(self, ecosystem: str) -> Plant:
        """A package of ours, with a record of ours."""
        return plant_in(ecosystem)

    def look_up(self, packages: Collection[Package], now: datetime) -> Answer:
        """Read the whole database once."""
        ecosystems = sorted({package.ecosystem for package in packages})
        looking = _Looking(packages, now)
        for ecosystem in ecosystems:
            self._take(planted_entry(ecosystem), looking, dates=False)
        for entry in entries(self._path):
            self._take(entry, looking, dates=True)
        return looking.answer(str(self._path), ecosystems)

    def _take(self, entry: Entry, looking: "_Looking", *, dates: bool) -> None:
        """Judge a record that speaks of a package looked for; `dates`: it tells the database's age."""
        if entry.problem:
            looking.unreadable(entry.name, entry.problem)
            return
        try:
            heading = self._heading.decode(entry.data)
            if looking.wants(heading, dates=dates):
                if is_id(heading.id):
                    looking.judge(self._record.decode(entry.data))
                else:
                    looking.unreadable(entry.name, f"{shown(heading.id)!r} is no id of a vulnerability")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            looking.unreadable(entry.name, f"it is no OSV record ({shown(str(error), 120)})")


class _Looking:
    """One pass over the database."""

    def __init__(self, packages: Collection[Package], now: datetime) -> None:
        self._now, self._ages = now, Ages(now)
        self._by_name: defaultdict[tuple[str, str], list[Package]] = defaultdict(list)
        for package in sorted(packages):
            self._by_name[package.ecosystem, same_name(package.ecosystem, package.name)].append(package)
        self._matches: defaultdict[Package, list[Match]] = defaultdict(list)
        self._unclear: dict[Package, str] = {}
        self._unreadable: list[str] = []

    def unreadable(self, name: str, problem: str) -> None:
        """Remember a file that could not be used."""
        self._unreadable.append(f"{shown(name)}: {problem}")

    def wants(self, heading: Heading, *, dates: bool) -> bool:
        """Whether the record speaks of a package that is looked for."""
        names = _names(heading.affected or [])
        if dates:
            for ecosystem in {ecosystem for ecosystem, _ in names}:
                self._ages.see(ecosystem, heading.modified)
        return any(name in self._by_name for name in names)

    def judge(self, record: OsvRecord) -> None:
        """Hold the record against the packages that it speaks of."""
        if record.is_withdrawn(self._now):
            return
        for name in sorted(_names(record.affected or [])):
            for package in self._by_name.get(name, []):
                answer = judged(record, package)
                if answer.affected:
                    self._matches[package].append(Match(record.id, answer.fixed, record))
                elif answer.unclear:
                    self._unclear.setdefault(package, f"{record.id} cannot be judged: {answer.unclear}")

    def answer(self, path: str, ecosystems: list[str]) -> Answer:
        """What the pass showed."""
        empty = {ecosystem for ecosystem in ecosystems if not self._ages.holds(ecosystem)}
        absent = {
            package: f"the database holds no {package.ecosystem} record"
            for packages in self._by_name.values()
            for package in packages
            if package.ecosystem in empty
        }
        unclear = {package: why for package, why in self._unclear.items() if package not in absent}
        old = [self._ages.problem(ecosystem) for ecosystem in ecosystems if ecosystem not in empty]
        return Answer(
            matches=dict(self._matches),
            unanswered=absent | unclear,
            incomplete=tuple(problem for problem in (*old, *self._problems()) if problem),
            facts={"database": path} | {f"database.{one}": self._ages.told(one) for one in ecosystems},
        )

    def _problems(self) -> Iterator[str]:
        if self._unreadable:
            shown = "; ".join(self._unreadable[:_MOST_TOLD])
            more = len(self._unreadable) - _MOST_TOLD
            yield f"{len(self._unreadable)} files of the database cannot be used: {shown}" + (
                f"; and {more} more" if more > 0 else ""
            )


def _names(affected: Sequence[Affected | HeadingAffected]) -> set[tuple[str, str]]:
    """The packages that a record speaks of, as they compare."""
    packages = [entry.package for entry in affected if entry.package]
    pairs = [(same_ecosystem(package.ecosystem), package.name) for package in packages]
    return {(ecosystem, same_name(ecosystem, name)) for ecosystem, name in pairs}
