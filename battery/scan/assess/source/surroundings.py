"""Surroundings: innocent Python around a few lines, so that a rule sees its subject at many depths and places."""

import textwrap
from collections.abc import Callable

from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import Words

_INNOCENT = (
    'def «verb»(«name», «name2»):\n    """Return what is left of the «word»."""\n    return [«name2» - item for item in «name»]',
    "class «title»:\n    limit = «number»\n\n    def «verb»(self):\n        return self.limit + «number2»",
    "«constant» = («number», «number2»)",
    "def «verb»(«name»):\n    if not «name»:\n        return None\n    return sorted(«name»)[0]",
    "@property\ndef «name»(self):\n    # «text»\n    return self._«name2»",
)
_AROUND: tuple[Callable[[str], str], ...] = (
    lambda body: body,
    lambda body: "def «verb»(«name8», «name9»):\n" + _indented(body),
    lambda body: "class «title»:\n    def «verb»(self, «name8»):\n" + _indented(body, 8),
    lambda body: "async def «verb»(«name8»):\n    if «name8» is not None:\n" + _indented(body, 8),
    lambda body: "for «name8» in range(«number8»):\n" + _indented(body),
)


def surrounded(text: str, words: Words) -> str:
    """The text as a file: its imports first, the rest somewhere inside."""
    imports, body = split(text)
    before, after = (
        [filled(piece, words) for piece in taken(_INNOCENT, words.random.randint(0, 2), words.random)]
        for _ in range(2)
    )
    around = filled(words.random.choice(_AROUND)(body or "pass"), words)
    opening = [f'"""About the {words.text()}."""', *imports]
    return "\n\n\n".join(["\n".join(opening), *before, around, *after]) + "\n"


def split(text: str) -> tuple[list[str], str]:
    """The import lines at the top, and the rest."""
    lines = text.split("\n")
    count = next(
        (at for at, line in enumerate(lines) if not line.startswith(("import ", "from "))), len(lines)
    )
    return lines[:count], "\n".join(lines[count:])


def _indented(body: str, by: int = 4) -> str:
    return textwrap.indent(body, " " * by)
