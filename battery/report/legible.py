"""Legible text: whatever a target or a check wrote, made harmless to show on any medium."""

import unicodedata

LONGEST = 600
# Control, format (bidi, zero width), surrogate, and line or paragraph separator: they change how other text looks.
_DECEPTIVE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NONCHARACTERS = frozenset("\ufffe\uffff")
_FOR_ASCII = str.maketrans(
    {"✓": "+", "✗": "x", "│": "|", "·": "-", "…": "...", "≤": "<=", "≥": ">=", "–": "-", "—": "-", "×": "x"}
)


def legible(text: str, longest: int = LONGEST) -> str:
    """The text as one line: clipped where that makes it shorter, and what deceives the eye or a parser written as escapes."""
    more = f"… ({len(text) - longest} characters more)"
    if len(text) > longest + len(more):
        text = text[:longest] + more
    return text if text.isprintable() else "".join(map(_shown, text))


def fitted(text: str, encoding: str | None) -> str:
    """The text as a stream of this encoding can carry it: plain ASCII unless it speaks Unicode."""
    if (encoding or "utf-8").lower().replace("_", "-").startswith("utf"):
        return text
    return text.translate(_FOR_ASCII).encode("ascii", "backslashreplace").decode("ascii")


def _shown(character: str) -> str:
    if character in "\n\t\r":
        return " "
    if character in _NONCHARACTERS or unicodedata.category(character) in _DECEPTIVE:
        return f"\\u{ord(character):04x}"
    return character
