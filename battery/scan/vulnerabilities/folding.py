"""Several records of one vulnerability are one: they name each other as aliases."""

from collections.abc import Iterable

import msgspec

from battery.scan.vulnerabilities.source import Match


class Folded(msgspec.Struct, frozen=True):
    """One vulnerability under all its names."""

    name: str
    ids: tuple[str, ...]
    matches: tuple[Match, ...]


def folded(matches: Iterable[Match]) -> list[Folded]:
    """The vulnerabilities, by name: two matches that share any id or alias are the same."""
    groups: list[tuple[set[str], list[Match]]] = []
    for match in matches:
        ids = {match.id, *match.aliases}
        members = [match]
        apart = []
        for group in groups:
            if group[0] & ids:
                ids |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (ids, members)]
    found = [_one(ids, members) for ids, members in groups]
    return sorted(found, key=lambda one: one.name)


def _one(ids: set[str], matches: list[Match]) -> Folded:
    """A CVE is the name that lasts: fingerprints and waivers hold on to it."""
    ordered = sorted(ids, key=lambda name: (not name.startswith("CVE-"), name))
    return Folded(ordered[0], tuple(ordered), tuple(sorted(matches, key=lambda match: match.id)))
