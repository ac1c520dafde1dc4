"""requirements.txt as pip splits it: continued lines joined, comments cut, options apart from requirements."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from battery.scan.sbom.unreadable import SourceUnreadable, shown

_COMMENT = re.compile(r"(^|\s)#.*\Z")
_HASH = re.compile(r"\s--hash[=\s]\s*(\S+)")
_PER_REQUIREMENT = re.compile(r"\s(--hash|--config-settings|--global-option|--install-option)(=|\s)")
_FILES = {
    "-r": "requirements",
    "--requirement": "requirements",
    "-c": "constraints",
    "--constraint": "constraints",
}
_EDITABLE = ("-e", "--editable")
# Options of the whole file: they say where to look for packages, not which.
_SETTINGS = frozenset({
    "-i", "--index-url", "--extra-index-url", "--no-index", "-f", "--find-links", "--no-binary", "--only-binary",
    "--prefer-binary", "--require-hashes", "--pre", "--trusted-host", "--use-feature", "--all-releases", "--only-final",
})  # fmt: skip


class Line(NamedTuple):
    """One logical line: what it is, its text, its hashes, and where it begins."""

    kind: str  # requirement | editable | requirements | constraints
    text: str
    hashes: tuple[str, ...]
    number: int


def lines(text: str) -> Iterator[Line]:
    """The lines that name packages or files. Raises: SourceUnreadable for an option that pip does not know."""
    for number, joined in _logical(text):
        option, _, rest = joined.partition("=") if joined.startswith("--") else (joined, "", "")
        word, _, after = joined.partition(" ")
        if rest and " " not in option:
            word, after = option, rest
        elif not joined.startswith("--") and joined[:2] in _FILES | dict.fromkeys((*_EDITABLE, "-i", "-f")):
            word, after = joined[:2], joined[2:]
        if not joined.startswith("-"):
            yield _requirement(joined, number)
        elif word in _FILES:
            yield Line(_FILES[word], after.strip(), (), number)
        elif word in _EDITABLE:
            yield Line("editable", after.strip(), (), number)
        elif word not in _SETTINGS:
            raise SourceUnreadable(f"{shown(word)!r} is no option of pip", place=f"line {number}")


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Non-empty lines, continued ones joined, each with the number it begins at."""
    begun, parts = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        begun = begun or number
        # A comment ends the logical line even where it stands in the midst of continued ones.
        bare = line if line.lstrip().startswith("#") is False else ""
        if bare.endswith("\\"):
            parts += bare[:-1] + " "
            continue
        joined = _COMMENT.sub("", parts + bare).strip()
        if joined:
            yield begun, joined
        begun, parts = 0, ""
    if rest := _COMMENT.sub("", parts).strip():
        yield begun, rest


def _requirement(joined: str, number: int) -> Line:
    hashes = tuple(_HASH.findall(joined))
    first = _PER_REQUIREMENT.search(joined)
    return Line("requirement", joined[: first.start()].strip() if first else joined, hashes, number)
