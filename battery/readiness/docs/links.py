"""Relative links: does what they point to exist, down to the anchor?"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from battery.readiness.docs.anchors import anchors_of
from battery.readiness.docs.markdown import Link
from battery.readiness.docs.tree import DocumentsUnreadable, DocumentTree
from battery.readiness.observability.flaw import Flaw

_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
_LINE = re.compile(r"L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?\Z")


def link_flaws(tree: DocumentTree, documents: Iterable[str]) -> tuple[Flaw, ...]:
    """Every dead link in some documents; links to other hosts are not followed."""
    return tuple(flaw for path in documents for flaw in _of_document(tree, path))


def count_links(tree: DocumentTree, documents: Iterable[str]) -> int:
    """How many links were there to be judged: none is no proof of anything."""
    return sum(_is_relative(link.target) for path in documents for link in tree.document(path).links)


def _of_document(tree: DocumentTree, path: str) -> Iterator[Flaw]:
    for link in tree.document(path).links:
        trouble = _trouble(tree, path, link) if _is_relative(link.target) else ""
        if trouble:
            yield Flaw(rule="docs.link", where=f"{path}:{link.line}", text=f"{link.target}: {trouble}")


def _is_relative(target: str) -> bool:
    return not _ELSEWHERE.match(target)


def _trouble(tree: DocumentTree, path: str, link: Link) -> str:
    place, _, anchor = link.target.partition("#")
    place = unquote(place.partition("?")[0])
    target = _resolved(path, place) if place else path
    if tree.inside(target) is None:
        return "there is no such file in the source tree, in this spelling"
    return _anchor_trouble(tree, target, unquote(anchor)) if anchor else ""


def _resolved(path: str, place: str) -> str:
    """A link that begins with a slash starts from the top of the tree, as on GitHub."""
    return place.lstrip("/") if place.startswith("/") else str(PurePosixPath(path).parent / place)


def _anchor_trouble(tree: DocumentTree, target: str, anchor: str) -> str:
    found = tree.inside(target)
    if found is None or not found.is_file() or found.suffix.lower() not in (".md", ".markdown"):
        return "" if _LINE.match(anchor) else "an anchor into something that is no document"
    try:
        anchors = anchors_of(tree.document(target))
    except DocumentsUnreadable as error:
        return str(error)
    if anchor in anchors or anchor.removeprefix("user-content-") in anchors or _LINE.match(anchor):
        return ""
    # Browsers find an anchor in another spelling of case on GitHub alone.
    return "" if anchor.lower() in anchors else f"no heading of {target} makes the anchor #{anchor}"
