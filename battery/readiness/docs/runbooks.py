"""Runbooks: what an alert links to exists in the tree and tells somebody who was just woken what to do."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from battery.model.frozen import Frozen
from battery.readiness.docs.anchors import anchors_of
from battery.readiness.docs.markdown import Document, Heading
from battery.readiness.docs.sections import RUNBOOK, missing_sections
from battery.readiness.docs.tree import DocumentsUnreadable, DocumentTree
from battery.readiness.observability.flaw import Flaw


class AlertRunbook(Frozen, frozen=True, kw_only=True):
    """An alert, and what its annotation runbook_url says."""

    alert: str
    url: str


def runbook_flaws(tree: DocumentTree, alerts: Iterable[AlertRunbook], folder: str = "") -> tuple[Flaw, ...]:
    """What is wrong with the runbook of each alert; `folder` is where battery.toml says that they stand."""
    return tuple(flaw for alert in alerts for flaw in _of_alert(tree, alert, folder))


def _of_alert(tree: DocumentTree, alert: AlertRunbook, folder: str) -> Iterator[Flaw]:
    path, anchor = resolve(tree, alert.url, folder)
    if not path:
        text = (
            f"its runbook_url {alert.url!r} leads to no document of the source tree"
            if alert.url
            else "it has no runbook_url"
        )
        yield Flaw(rule="docs.runbook", where=alert.alert, text=text)
        return
    try:
        document = tree.document(path)
    except DocumentsUnreadable as error:
        yield Flaw(rule="docs.runbook", where=alert.alert, text=str(error))
        return
    if anchor and anchor not in anchors_of(document):
        text = f"{path} has no heading with the anchor #{anchor}"
        yield Flaw(rule="docs.runbook", where=alert.alert, text=text)
        return
    for section in missing_sections(_part(document, anchor), RUNBOOK):
        text = f"{path} has no section on {section}, or nothing below it"
        yield Flaw(rule=f"docs.runbook.{section}", where=alert.alert, text=text)


def resolve(tree: DocumentTree, url: str, folder: str = "") -> tuple[str, str]:
    """The document and anchor that a runbook_url means in the tree; empty when there is none.

    A URL on a host means the file whose path it ends with: what stands before is the host's own (/blob/main/).
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "", ""
    words = PurePosixPath(unquote(parts.path)).parts
    words = words[1:] if words[:1] == ("/",) else words
    starts = range(len(words)) if parts.scheme else range(1 if words else 0)
    for start in starts:
        path = PurePosixPath(*words[start:])
        for candidate in _spellings(path, folder):
            found = tree.inside(candidate)
            if found is not None and found.is_file():
                return candidate, unquote(parts.fragment)
    return "", ""


def _spellings(path: PurePosixPath, folder: str) -> Iterator[str]:
    names = [str(path)] if path.suffix else [f"{path}.md", f"{path}/README.md", f"{path}/index.md"]
    yield from names
    if folder:
        yield from (f"{folder.rstrip('/')}/{name}" for name in names)


def _part(document: Document, anchor: str) -> Document:
    """The part of a document below the heading that an anchor names: one file may hold many runbooks."""
    import msgspec

    start = _heading_of(document, anchor) if anchor else None
    if start is None:
        return document
    end = next(
        (h.line for h in document.headings if h.line > start.line and h.level <= start.level),
        len(document.text) + 1,
    )
    return msgspec.structs.replace(
        document,
        headings=tuple(h for h in document.headings if start.line < h.line < end),
        blocks=tuple(block for block in document.blocks if start.line < block.line < end),
        text=document.text[: end - 1],
    )


def _heading_of(document: Document, anchor: str) -> Heading | None:
    from battery.readiness.docs.anchors import heading_anchors

    pairs = zip(heading_anchors(document.headings), document.headings, strict=True)
    return next((heading for name, heading in pairs if name == anchor), None)
