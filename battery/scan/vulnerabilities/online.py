"""The OSV service: names and versions of the components leave the machine, so only where the user asks for it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import msgspec

from battery.scan.sbom.purl import without_credentials
from battery.scan.sbom.unreadable import shown
from battery.scan.vulnerabilities.affecting import judged
from battery.scan.vulnerabilities.record import OsvRecord, Package, is_id, same_name
from battery.scan.vulnerabilities.source import Answer, Match, Plant
from battery.scan.vulnerabilities.transport import ServiceFailed, Transport

PUBLIC = "https://api.osv.dev"
_BATCH = 500  # the service takes at most 1000 queries at once
_MOST_PAGES = 50
_AT_ONCE = 8
# Long known and never to be forgotten: the service must report them, or it does not work.
_PLANTS = {
    "PyPI": Plant(Package("PyPI", "jinja2", "2.4.1"), "GHSA-462w-v97r-4m45"),
    "npm": Plant(Package("npm", "lodash", "4.17.15"), "GHSA-p6mc-m468-83gw"),
}


class _Named(msgspec.Struct, frozen=True):
    id: str


class _Result(msgspec.Struct, frozen=True):
    vulns: list[_Named] | None = None
    next_page_token: str | None = None


class _Batch(msgspec.Struct, frozen=True):
    results: list[_Result]


class OsvService:
    """Asks the OSV API, or one that speaks like it. Raises: UsageError for a base that is no URL."""

    name = "OSV online"

    def __init__(self, base: str = PUBLIC, *, timeout: float = 20.0, budget: float = 300.0) -> None:
        self._base, self._timeout, self._budget = base, timeout, budget
        Transport(base, timeout=timeout, budget=budget)

    def plant(self, ecosystem: str) -> Plant:
        """A real package with a vulnerability that everyone knows."""
        return _PLANTS[ecosystem]

    def look_up(self, packages: Collection[Package], now: datetime) -> Answer:
        """Ask for all packages in batches, then for the records of what was named."""
        ordered = sorted(packages)
        try:
            with Transport(self._base, timeout=self._timeout, budget=self._budget) as transport:
                asking = _Asking(transport)
                for at in range(0, len(ordered), _BATCH):
                    asking.batch(ordered[at : at + _BATCH])
                asking.records()
        except ServiceFailed as error:
            return Answer(unanswered=dict.fromkeys(ordered, str(error)))
        return asking.answer(without_credentials(self._base), now)


class _Asking:
    """One conversation with the service."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._named: defaultdict[Package, set[str]] = defaultdict(set)
        self._records: dict[str, OsvRecord] = {}
        self._unanswered: dict[Package, str] = {}
        self._problems: list[str] = []

    def batch(self, packages: Sequence[Package]) -> None:
        """Ask for some packages, and for the further pages of those with many vulnerabilities."""
        waiting = [(package, "") for package in packages]
        for _ in range(_MOST_PAGES):
            if not waiting:
                return
            try:
                results = self._results(waiting)
            except ServiceFailed as error:
                self._unanswered |= {package: str(error) for package, _ in waiting}
                return
            waiting = list(self._taken(waiting, results))
        self._unanswered |= {package: f"more than {_MOST_PAGES} pages of answers" for package, _ in waiting}

    def _results(self, waiting: Sequence[tuple[Package, str]]) -> list[_Result]:
        body = {"queries": [_query(package, token) for package, token in waiting]}
        batch: _Batch = _shaped(self._transport.post("/v1/querybatch", body), _Batch, "querybatch")
        answer = batch.results
        if len(answer) != len(waiting):
            raise ServiceFailed(f"querybatch: {len(waiting)} queries and {len(answer)} answers")
        return answer

    def _taken(
        self, waiting: Sequence[tuple[Package, str]], results: list[_Result]
    ) -> Iterator[tuple[Package, str]]:
        for (package, _), result in zip(waiting, results, strict=True):
            for named in result.vulns or []:
                self._named[package].add(named.id)
            if result.next_page_token:
                yield package, result.next_page_token

    def records(self) -> None:
        """Fetch each named record once."""
        wanted = sorted({name for names in self._named.values() for name in names})
        for name in wanted:
            if not is_id(name):
                self._problems.append(f"the service names a vulnerability {shown(name)!r}, which is no id")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for record in pool.map(self._record, filter(is_id, wanted)):
                if isinstance(record, OsvRecord):
                    self._records[record.id] = record
                else:
                    self._problems.append(record)

    def _record(self, name: str) -> OsvRecord | str:
        """The record; or why there is none, and then the id alone is reported."""
        try:
            record: OsvRecord = _shaped(self._transport.get(f"/v1/vulns/{name}"), OsvRecord, name)
        except ServiceFailed as error:
            return str(error)
        return record if record.id == name else f"asked for {name}, the service answered {shown(record.id)!r}"

    def answer(self, base: str, now: datetime) -> Answer:
        """What the conversation showed."""
        matches = {
            package: [
                self._match(package, name) for name in sorted(names) if not self._is_withdrawn(name, now)
            ]
            for package, names in self._named.items()
        }
        return Answer(
            matches={package: found for package, found in matches.items() if found},
            unanswered=self._unanswered,
            incomplete=tuple(self._problems),
            facts={"service": base, "service.asked": f"{now:%Y-%m-%d %H:%M} UTC"},
        )

    def _is_withdrawn(self, name: str, now: datetime) -> bool:
        record = self._records.get(name)
        return record is not None and record.is_withdrawn(now)

    def _match(self, package: Package, name: str) -> Match:
        """The service has judged the versions; only the fix is read from the record."""
        record = self._records.get(name)
        return Match(name, judged(record, package).fixed if record else "", record)


def _query(package: Package, token: str) -> dict[str, Any]:
    query: dict[str, Any] = {
        "package": {"ecosystem": package.ecosystem, "name": same_name(package.ecosystem, package.name)},
        "version": package.version,
    }
    return query | ({"page_token": token} if token else {})


def _shaped(raw: Any, shape: type[Any], what: str) -> Any:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise ServiceFailed(f"{what}: an unexpected answer ({shown(str(error), 120)})") from error
