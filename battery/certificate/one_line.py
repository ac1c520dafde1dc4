"""One line: text that others wrote, so that it can neither fake a line of ours nor command a terminal."""

LONGEST = 300


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text as one printable line: anything else in it is escaped, what is too long is cut."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(char if char.isprintable() else _escaped(char) for char in cut)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
