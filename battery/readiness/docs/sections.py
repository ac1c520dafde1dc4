"""Sections: which of the things that a document must tell it has a heading for, with something below."""

import re
from collections.abc import Mapping

from battery.readiness.docs.markdown import Document, Heading

README = {
    "install": re.compile(
        r"\b(?:install(?:ation|ing)?|set ?up|setting up|getting started|get started|quick ?start|build(?:ing)?|requirements)\b"
    ),
    "run": re.compile(
        r"\b(?:run(?:ning)?|usage|use|using|start(?:ing|ed)?|quick ?start|deploy(?:ment|ing)?|operat(?:e|ing|ion)|serve|launch)\b"
    ),
    "test": re.compile(r"\b(?:tests?|testing|tested|development|developing|contribut(?:e|ing)|checks?)\b"),
}
RUNBOOK = {
    "symptom": re.compile(
        r"\b(?:symptoms?|what (?:you|users?) (?:see|notice)|impact|meaning|what it means|alert)\b"
    ),
    "diagnosis": re.compile(
        r"\b(?:diagnos(?:is|e|tics|ing)|investigat(?:e|ion|ing)|triage|find the cause|causes?|how to tell)\b"
    ),
    "mitigation": re.compile(
        r"\b(?:mitigat(?:e|ion|ing|ions)|remed(?:y|iation)|resolution|resolve|fix|what to do|actions?|recover(?:y|ing)?)\b"
    ),
    "rollback": re.compile(r"\b(?:roll(?:ing)? ?back|revert(?:ing)?|undo|backing out|back out)\b"),
}


def missing_sections(document: Document, wanted: Mapping[str, re.Pattern[str]]) -> tuple[str, ...]:
    """The names of the sections that have no heading, or nothing below it."""
    filled = [heading.text.lower() for heading in document.headings if _has_content(document, heading)]
    return tuple(name for name, pattern in wanted.items() if not any(pattern.search(text) for text in filled))


def says_what_it_is(document: Document) -> bool:
    """Whether a title stands on top and a sentence follows before the next heading."""
    if not document.headings or document.headings[0].level != 1:
        return False
    first, *others = document.headings
    end = others[0].line - 1 if others else len(document.text)
    words = " ".join(document.text[first.line : end]).split()
    # Badges and pictures say nothing.
    return len([word for word in words if not word.startswith(("[!", "![", "<", "=="))]) >= 5


def _has_content(document: Document, heading: Heading) -> bool:
    """Text or a code block up to the next heading of the same level or a higher one."""
    end = next(
        (
            other.line
            for other in document.headings
            if other.line > heading.line and other.level <= heading.level
        ),
        len(document.text) + 1,
    )
    of_headings = {other.line for other in document.headings}
    told = any(
        document.text[line - 1].strip(" =-\t") and line not in of_headings
        for line in range(heading.line + 1, end)
    )
    return told or any(heading.line < block.line < end for block in document.blocks)
