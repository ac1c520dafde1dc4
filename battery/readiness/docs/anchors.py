"""The anchors of a document, by the rules of GitHub."""

import re
from collections import Counter
from collections.abc import Iterable

from battery.readiness.docs.markdown import Document, Heading

_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"<[^<>]*>")
_EMPHASIS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_DROPPED = re.compile(r"[^\w\- ]", re.UNICODE)


def anchors_of(document: Document) -> frozenset[str]:
    """Every anchor that a link into the document may name."""
    return frozenset((*heading_anchors(document.headings), *document.ids))


def heading_anchors(headings: Iterable[Heading]) -> tuple[str, ...]:
    """One anchor a heading; the second "Usage" is usage-1."""
    times: Counter[str] = Counter()
    anchors = []
    for heading in headings:
        plain = _slug(heading.text)
        anchor = plain
        while anchor in times:
            times[plain] += 1
            anchor = f"{plain}-{times[plain]}"
        times[anchor] += 0
        anchors.append(anchor)
    return tuple(anchors)


def _slug(text: str) -> str:
    """What is shown of it, in lower case, without punctuation, its spaces as hyphens."""
    shown = _LINK.sub(r"\1", text)
    shown = _TAG.sub("", shown)
    shown = _EMPHASIS.sub(r"\2", shown).replace("`", "")
    return _DROPPED.sub("", shown.strip().lower()).replace(" ", "-")
