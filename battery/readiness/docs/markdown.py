"""Markdown as far as documents are judged: headings, links, anchors and code blocks, each with its line."""

import re
from collections.abc import Iterator

from battery.model.frozen import Frozen

_FENCE = re.compile(r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\Z")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\Z")
_LONGEST_HEADING = 1000  # the patterns for headings take time with the square of the length
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*\Z")
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TARGET = r"<([^<>\n]{1,2000})>|((?:[^\s()<>]|\([^\s()]{0,500}\)){1,2000})"
_INLINE_LINK = re.compile(rf"\]\(\s*(?:{_TARGET})(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?\s*\)")
_DEFINITION = re.compile(rf"\s{{0,3}}\[([^\]\n]{{1,200}})\]:\s*(?:{_TARGET})")
_HTML_LINK = re.compile(
    r"<(?:a|img)\b[^>]{0,500}?\b(?:href|src)\s*=\s*[\"']([^\"'\n]{1,2000})[\"']", re.IGNORECASE
)
_HTML_ANCHOR = re.compile(
    r"<[a-z][a-z0-9]*\b[^>]{0,500}?\b(?:id|name)\s*=\s*[\"']([^\"'\n]{1,200})[\"']", re.IGNORECASE
)


class Heading(Frozen, frozen=True, kw_only=True):
    """A heading: its level, its text as written, its line."""

    level: int
    text: str
    line: int


class Link(Frozen, frozen=True, kw_only=True):
    """Where a link points, as written, and its line."""

    target: str
    line: int


class CodeBlock(Frozen, frozen=True, kw_only=True):
    """A fenced block: the first word behind its fence, all words there, its text, and the line of the fence."""

    language: str
    info: str
    text: str
    line: int
    closed: bool = True


class Document(Frozen, frozen=True, kw_only=True):
    """What was found in one document; `ids` are the anchors that HTML in it makes."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    blocks: tuple[CodeBlock, ...]
    ids: tuple[str, ...]
    text: tuple[str, ...] = ()
    """Its lines, those in code blocks and comments empty."""


def read_markdown(text: str) -> Document:
    """Read a document; Markdown has no errors, so this raises none."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    blocks = tuple(_blocks(lines))
    inside = {number for block in blocks for number in _lines_of(block)}
    prose = ["" if number in inside else line for number, line in enumerate(lines, 1)]
    prose = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), "\n".join(prose)).split("\n")
    spoken = [_INLINE_CODE.sub(lambda match: " " * len(match[0]), line) for line in prose]
    return Document(
        headings=tuple(_headings(prose)),
        links=tuple(_links(spoken)),
        blocks=blocks,
        ids=tuple(name for line in spoken for name in _HTML_ANCHOR.findall(line)),
        text=tuple(prose),
    )


def _blocks(lines: list[str]) -> Iterator[CodeBlock]:
    """The fenced blocks, also those inside of lists; one that is never closed lasts to the end."""
    opened: re.Match[str] | None = None
    start, body = 0, list[str]()
    for number, line in enumerate(lines, 1):
        match = _FENCE.match(line.strip())
        if opened is None:
            if match and not (match["fence"][0] == "`" and "`" in match["info"]):
                opened, start, body = match, number, []
        elif match and match["fence"].startswith(opened["fence"]) and not match["info"].strip():
            yield _block(opened["info"], body, start, closed=True)
            opened = None
        else:
            body.append(line)
    if opened:
        yield _block(opened["info"], body, start, closed=False)


def _block(info: str, body: list[str], line: int, *, closed: bool) -> CodeBlock:
    indent = min((len(one) - len(one.lstrip()) for one in body if one.strip()), default=0)
    text = "".join(f"{one[indent:]}\n" for one in body)
    words = info.strip().strip("{}.").split()
    return CodeBlock(
        language=words[0].lower() if words else "", info=info.strip(), text=text, line=line, closed=closed
    )


def _lines_of(block: CodeBlock) -> range:
    return range(block.line, block.line + block.text.count("\n") + 1 + block.closed)


def _headings(lines: list[str]) -> Iterator[Heading]:
    for number, line in enumerate(lines, 1):
        if len(line) > _LONGEST_HEADING:
            continue
        if found := _HEADING.match(line):
            yield Heading(level=len(found[1]), text=(found[2] or "").strip(), line=number)
        elif number > 1 and (under := _UNDERLINE.match(line)) and _is_paragraph(lines[number - 2]):
            yield Heading(
                level=1 if under[1][0] == "=" else 2, text=lines[number - 2].strip(), line=number - 1
            )


def _is_paragraph(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith(("#", ">", "- ", "* ", "+ ", "|", "<", "---", "==="))


def _links(lines: list[str]) -> Iterator[Link]:
    for number, line in enumerate(lines, 1):
        for pattern in (_INLINE_LINK, _HTML_LINK):
            for found in pattern.finditer(line):
                yield Link(target=next(part for part in found.groups() if part), line=number)
        definition = _DEFINITION.match(line)
        if definition and not definition[1].startswith("^"):  # which begins a footnote
            yield Link(target=definition[2] or definition[3], line=number)
