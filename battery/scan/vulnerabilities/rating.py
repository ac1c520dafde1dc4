"""How grave a vulnerability is: its score where one can be computed, else its database's word, else unknown."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import msgspec

from battery.scan.vulnerabilities import cvss3, cvss4
from battery.scan.vulnerabilities.affecting import concerning
from battery.scan.vulnerabilities.record import OsvRecord, Package, Severity

Level = Literal["malicious", "critical", "high", "medium", "low", "info", "unknown"]
_ORDER: tuple[Level, ...] = ("malicious", "critical", "high", "medium", "low", "info", "unknown")
_WORDS: dict[str, Level] = {
    "CRITICAL": "critical",
    "HIGH": "high",
    "MODERATE": "medium",
    "MEDIUM": "medium",
    "LOW": "low",
    "NONE": "info",
}
_SCORED: dict[str, Callable[[str], float]] = {"CVSS_V3": cvss3.base_score, "CVSS_V4": cvss4.score}
_MALICIOUS = "MAL-"  # the ids of the OpenSSF's malicious packages


class Rating(msgspec.Struct, frozen=True):
    """A level and what it rests on."""

    level: Level
    basis: str = ""


def rated(records: Iterable[OsvRecord], package: Package) -> Rating:
    """The gravest of what several records tell of one vulnerability; a word counts only where no score does."""
    found = list(records)
    if any(name.startswith(_MALICIOUS) for record in found for name in (record.id, *(record.aliases or []))):
        return Rating("malicious", "reported as malicious")
    scores = [pair for record in found for pair in _scores(record, package)]
    if scores:
        score, vector = max(scores)
        return Rating(level_of(score), f"CVSS {score} ({vector})")
    words = [(word, record.id) for record in found for word in _words(record, package)]
    if words:
        level, said = min(words, key=lambda pair: (_ORDER.index(pair[0]), pair[1]))
        return Rating(level, f"severity by {said}")
    return Rating("unknown", "no score that can be read")


def level_of(score: float) -> Level:
    """The qualitative rating of a score, as both versions of CVSS have it."""
    if score >= 9.0:
        return "critical"
    if score >= 7.0:
        return "high"
    if score >= 4.0:
        return "medium"
    return "low" if score > 0 else "info"


def _scores(record: OsvRecord, package: Package) -> Iterator[tuple[float, str]]:
    entries: list[Severity] = list(record.severity or [])
    for affected in concerning(record, package):
        entries += affected.severity or []
    for entry in entries:
        compute = _SCORED.get(entry.type)
        if compute is None:
            continue  # CVSS 2 and vendors' own scales: the database's word says more
        try:
            yield compute(entry.score), entry.score.strip()
        except ValueError:
            continue  # a vector that is none is as good as no vector: the level falls to the word, or to unknown


def _words(record: OsvRecord, package: Package) -> Iterator[Level]:
    places: list[Any] = [record.database_specific]
    for affected in concerning(record, package):
        places += [affected.database_specific, affected.ecosystem_specific]
    for place in places:
        word = place.get("severity") if isinstance(place, dict) else None
        if isinstance(word, str) and word.upper() in _WORDS:
            yield _WORDS[word.upper()]
