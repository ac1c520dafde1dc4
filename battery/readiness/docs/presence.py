"""Licence and changelog: there, and with something in them."""

from battery.readiness.docs.tree import DocumentTree
from battery.readiness.observability.flaw import Flaw

_LICENCES = ("LICENSE", "LICENCE", "COPYING", "LICENSES", "UNLICENSE")
_CHANGELOGS = ("CHANGELOG", "CHANGES", "HISTORY", "NEWS", "RELEASES", "RELEASE_NOTES", "RELEASE-NOTES")
_SHORTEST_LICENCE = 100


def presence_flaws(tree: DocumentTree) -> tuple[Flaw, ...]:
    """What is missing at the top of the tree."""
    flaws = []
    if not _has(tree, _LICENCES, _SHORTEST_LICENCE):
        text = "no LICENSE with a text in it: nobody may use what has no licence"
        flaws.append(Flaw(rule="docs.licence", where=".", text=text))
    if not _has(tree, _CHANGELOGS, 1):
        text = "no CHANGELOG: nobody can tell what a release changes"
        flaws.append(Flaw(rule="docs.changelog", where=".", text=text))
    return tuple(flaws)


def _has(tree: DocumentTree, names: tuple[str, ...], least: int) -> bool:
    for place in (tree.root, tree.root / "docs"):
        for found in place.iterdir() if place.is_dir() else ():
            if found.name.upper().partition(".")[0].startswith(names):
                size = found.stat().st_size if found.is_file() else sum(1 for _ in found.iterdir()) * least
                if size >= least:
                    return True
    return False
