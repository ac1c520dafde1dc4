"""Cases for the vulnerability scanner: packages, and an offline database that speaks of them or of their like.

The scores are those that FIRST's own calculators show for these vectors, not computed by what is assessed.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from battery.clock import now
from battery.scan.assess.case import Bench, Case, Exam, Sighting, Sizes
from battery.scan.assess.source.files import sighted
from battery.scan.assess.templates import taken
from battery.scan.assess.words import LOWER, Words
from battery.scan.sbom.component import Component, Ecosystem
from battery.scan.sbom.purl import purl
from battery.scan.vulnerabilities.offline import OfflineDatabase
from battery.scan.vulnerabilities.scanning import scan_vulnerabilities

Record = dict[str, Any]
_V3, _V4 = "CVSS:3.1/", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/"
_VECTORS: dict[str, tuple[str, ...]] = {
    "critical": (
        _V3 + "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        _V3 + "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
        _V3 + "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H",
        _V4 + "VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    ),
    "high": (
        _V3 + "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
        _V3 + "AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H",
        _V3 + "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H",
        _V3 + "AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H",
        _V3 + "AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H",
        _V4 + "VC:H/VI:N/VA:N/SC:N/SI:N/SA:N",
    ),
    "medium": (
        _V3 + "AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N",
        _V3 + "AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N",
        _V3 + "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H",
        _V3 + "AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N",
        _V4 + "VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
    ),
    "low": (
        _V3 + "AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N",
        _V3 + "AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N",
        _V3 + "AV:P/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N",
    ),
    "info": (_V3 + "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", _V4 + "VC:N/VI:N/VA:N/SC:N/SI:N/SA:N"),
}
_SAID = {"critical": "CRITICAL", "high": "HIGH", "medium": "MODERATE", "low": "LOW"}
_LEVELS = ("malicious", "critical", "high", "medium", "low", "info", "unknown")
# How a record may speak of a package without affecting this version of it.
_ELSEWHERE = (
    "fixed before",
    "introduced later",
    "another name",
    "another ecosystem",
    "withdrawn",
    "another version",
    "no record",
)


class PackageCase(Case, frozen=True, kw_only=True):
    """A case that is one package of one version, and what the database says; its `place` is the lock file's name."""

    component: Component
    records: tuple[str, ...]


def package_cases(source: Random, sizes: Sizes, at: datetime) -> Iterator[PackageCase]:
    """For each level as many packages with a vulnerability of it as without; the database is a day old."""
    for level in _LEVELS:
        words = Words(Random(f"{source.random()} {level}"))
        for number in range(sizes.source):
            yield _case(level, level, f"{level}-a{number:03}", words, at)
        others = [other for other in _LEVELS if other != level]
        for number, kind in enumerate(taken((*_ELSEWHERE, *others), sizes.source, words.random)):
            yield _case(level, kind, f"{level}-b{number:03}", words, at)


def _case(level: str, kind: str, place: str, words: Words, at: datetime) -> PackageCase:
    """A package; its vulnerability is of the kind where that is a level, else of the rule's level and elsewhere."""
    elsewhere = kind in _ELSEWHERE
    ecosystem: Ecosystem = words.random.choice(("PyPI", "npm"))
    name, version = (
        f"{place}-{words.letters(LOWER, 6)}",
        f"2.{words.random.randint(2, 9)}.{words.random.randint(0, 20)}",
    )
    record = _record(place, level if elsewhere else kind, words, at - timedelta(days=1))
    affected = _affected(ecosystem, name, version, words)
    if elsewhere:
        _BENIGN[kind](affected, record, version)
    url = purl(ecosystem, name, version)
    return PackageCase(
        rule=f"vulnerability.{level}",
        place=f"{place}.lock",
        defect=not elsewhere and kind == level,
        template=kind,
        component=Component(
            ref=url, ecosystem=ecosystem, name=name, version=version, purl=url, places=(f"{place}.lock",)
        ),
        records=() if kind == "no record" else (json.dumps(record | {"affected": [affected]}),),
    )


def _record(place: str, level: str, words: Words, modified: datetime) -> Record:
    """A record of this level: by a vector, by the database's word, by its id, or by nothing that can be read."""
    record: Record = {
        "id": f"{'MAL' if level == 'malicious' else 'ASSESS'}-{place}",
        "modified": modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "summary": words.text(),
    }
    if level in _SAID and words.random.random() < 0.3:
        return record | {"database_specific": {"severity": _SAID[level]}}
    if level in _VECTORS:
        vector = words.random.choice(_VECTORS[level])
        return record | {"severity": [{"type": "CVSS_V4" if "4.0" in vector else "CVSS_V3", "score": vector}]}
    if level == "unknown" and words.random.random() < 0.5:
        return record | {"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}]}
    return record


def _affected(ecosystem: str, name: str, version: str, words: Words) -> Record:
    """An entry that holds the version: by a list or by a range around it."""
    entry: Record = {"package": {"ecosystem": ecosystem, "name": name}}
    if words.random.random() < 0.3:
        return entry | {"versions": ["1.0.0", version]}
    end: dict[str, str] = words.random.choice(
        ({"fixed": "2.10.0"}, {"last_affected": version}, {"fixed": "10.0.0"})
    )
    begin = words.random.choice(("0", "2.0.0", version))
    return entry | {"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": begin}, end]}]}


def _ranged(entry: Record, *events: dict[str, str]) -> None:
    entry.pop("versions", None)
    entry["ranges"] = [{"type": "ECOSYSTEM", "events": list(events)}]


def _listed(entry: Record, version: str) -> None:
    entry.pop("ranges", None)
    entry["versions"] = [version + "1", "1" + version, version + ".1"]


_BENIGN: dict[str, Callable[[Record, Record, str], None]] = {
    "fixed before": lambda entry, _, version: _ranged(entry, {"introduced": "0"}, {"fixed": version}),
    "introduced later": lambda entry, *_: _ranged(entry, {"introduced": "2.10.0"}),
    "another name": lambda entry, *_: entry["package"].update(name=entry["package"]["name"] + "-extra"),
    "another ecosystem": lambda entry, *_: entry["package"].update(ecosystem="crates.io"),
    "withdrawn": lambda _, record, __: record.update(withdrawn=record["modified"]),
    "another version": lambda entry, _, version: _listed(entry, version),
    "no record": lambda *_: None,
}


def _exam(source: Random, sizes: Sizes) -> Exam:
    at = now()
    cases = tuple(package_cases(source, sizes, at))

    def look() -> frozenset[Sighting]:
        with tempfile.TemporaryDirectory(prefix="battery-assess-") as folder:
            for case in cases:
                for number, record in enumerate(case.records):
                    Path(folder, f"{case.place}-{number}.json").write_text(record, encoding="utf-8")
            result = scan_vulnerabilities(
                [case.component for case in cases], OfflineDatabase(Path(folder)), at
            )
        return sighted(result)

    return Exam(cases=cases, look=look)


VULNERABILITIES = Bench(name="vulnerabilities", exam=_exam)
