"""Findings: detections under the rules' data, each with a fingerprint, the same secret in many places folded into one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from battery.model.finding import Finding, Severity
from battery.model.frozen import Frozen
from battery.scan.fingerprint import Fingerprints, normalised
from battery.scan.interface import Found
from battery.scan.rules import ScanRule, scan_rules

GRAVEST_FIRST: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
HISTORY = "git:"  # begins the place of what only an older version holds
_MOST_NAMED = 20
_SUREST_FIRST = ("high", "medium", "low")


class Place(Frozen, frozen=True, kw_only=True):
    """Where a finding stands, with a fingerprint of this place alone: a place that is new can be told from the others."""

    where: str
    line: int
    column: int
    fingerprint: str

    @property
    def text(self) -> str:
        """The place as people and editors read it."""
        if not self.line:
            return self.where
        return f"{self.where}:{self.line}:{self.column}" if self.column else f"{self.where}:{self.line}"


class Reported(Frozen, frozen=True, kw_only=True):
    """A finding with all its places, and what its rule and its scanner say about it.

    `excerpt` is that of the first place; the finding's own names the other places as well, for who sees nothing else.
    """

    finding: Finding
    places: tuple[Place, ...]
    excerpt: str
    why: str
    detail: str


def findings_of(
    found: Iterable[Found], key: bytes, rules: Mapping[str, ScanRule] | None = None
) -> tuple[Reported, ...]:
    """The findings, gravest first, then by place: the same detections in any order give the same findings.

    Raises: ValueError when a detection names a rule that no rule file has.
    """
    known = scan_rules() if rules is None else rules
    groups: dict[tuple[str, ...], list[tuple[Found, Place]]] = defaultdict(list)
    for item, place in _placed(sorted(found, key=_order), Fingerprints(key)):
        if item.rule not in known:
            raise ValueError(f"rule {item.rule} stands in no file of battery/scan/rules")
        groups[_group(item, place, known[item.rule])].append((item, place))
    reported = [_reported(members, known[members[0][0].rule], key) for members in groups.values()]
    return tuple(sorted(reported, key=_rank))


def _placed(found: Iterable[Found], prints: Fingerprints) -> Iterable[tuple[Found, Place]]:
    """Each detection with its place; equal contents in one file are numbered from its first line on."""
    ordinals: Counter[tuple[str, str, str]] = Counter()
    for item in found:
        same = (item.rule, item.where, normalised(item.content))
        fingerprint = prints.of(item.rule, item.where, item.content, ordinals[same])
        ordinals[same] += 1
        yield item, Place(where=item.where, line=item.line, column=item.column, fingerprint=fingerprint)


def _order(item: Found) -> tuple[bool, str, int, int, str, str, str, str]:
    """By place; what stands in the history comes after what stands there now, so that a fold names the latter."""
    return (
        item.where.startswith(HISTORY),
        item.where,
        item.line,
        item.column,
        item.rule,
        item.content,
        item.detail,
        item.excerpt,
    )


def _group(item: Found, place: Place, rule: ScanRule) -> tuple[str, ...]:
    return (item.rule, normalised(item.content)) if rule.folds else (item.rule, place.fingerprint)


def _reported(members: list[tuple[Found, Place]], rule: ScanRule, key: bytes) -> Reported:
    first, places = members[0][0], tuple(place for _, place in members)
    finding = Finding(
        rule=rule.id,
        severity=rule.severity,
        title=rule.title,
        location=places[0].text,
        fingerprint=Fingerprints(key).of_all(place.fingerprint for place in places),
        confidence=min((item.confidence for item, _ in members), key=_SUREST_FIRST.index),
        cwe=rule.cwe,
        excerpt=first.excerpt + _elsewhere(places),
        fix=rule.fix,
    )
    return Reported(finding=finding, places=places, excerpt=first.excerpt, why=rule.why, detail=first.detail)


def _elsewhere(places: tuple[Place, ...]) -> str:
    others = [place.text for place in places[1 : _MOST_NAMED + 1]]
    if not others:
        return ""
    more = len(places) - 1 - len(others)
    return f" (also at {', '.join(others)}" + (f" and {more} more places)" if more else ")")


def _rank(reported: Reported) -> tuple[int, str, int, int, str, str]:
    finding, place = reported.finding, reported.places[0]
    rank = GRAVEST_FIRST.index(finding.severity)
    return (rank, place.where, place.line, place.column, finding.rule, finding.fingerprint)
