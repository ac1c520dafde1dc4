"""XML from strangers: streamed, no entity expanded, no DTD fetched, no depth without end."""

from collections.abc import Iterator
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from battery.readiness.coverage.report import CoverageUnreadable, shown

_CHUNK = 1 << 16
_DEEPEST = 64


class Element(NamedTuple):
    """An element as it opens (`text` is None) or as it closes (its own text, no attributes)."""

    path: tuple[str, ...]
    attributes: dict[str, str]
    text: str | None


def elements(data: bytes) -> Iterator[Element]:
    """Every element of a document, opening and closing. Raises: CoverageUnreadable."""
    document = _Document()
    try:
        for start in range(0, len(data), _CHUNK):
            document.parser.Parse(data[start : start + _CHUNK], False)
            yield from document.take()
        document.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise CoverageUnreadable(f"not well-formed XML: {shown(str(error))}") from error
    yield from document.take()


class _Document:
    """The parser's handlers and what they have seen since the last `take`."""

    def __init__(self) -> None:
        self._path: tuple[str, ...] = ()
        self._texts: list[list[str]] = []
        self._seen: list[Element] = []
        # UTF-8 by order: a declared encoding would call any codec that Python knows.
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = _refuse_entity

    def take(self) -> list[Element]:
        """Hand over what was seen."""
        seen, self._seen = self._seen, []
        return seen

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) == _DEEPEST:
            raise CoverageUnreadable(f"XML nested deeper than {_DEEPEST} elements")
        self._path = (*self._path, name)
        self._texts.append([])
        self._seen.append(Element(self._path, attributes, None))

    def _close(self, _name: str) -> None:
        self._seen.append(Element(self._path, {}, "".join(self._texts.pop())))
        self._path = self._path[:-1]

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: bool) -> None:
        # A bare DOCTYPE (JaCoCo writes one) is harmless because its DTD is never fetched; an internal
        # subset can declare entities and default attributes, and no coverage tool writes one.
        if internal:
            raise CoverageUnreadable("the DOCTYPE declares things of its own")


def _refuse_entity(*_: object) -> NoReturn:
    raise CoverageUnreadable("the DOCTYPE declares entities")
