"""A Content Security Policy as the Observatory reads it: several policies narrowed down to what all allow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote_to_bytes

_SHORTEST = 6
_NOT_IN_META = ("frame-ancestors", "report-uri", "sandbox")
_MAY_REPEAT = ("report-uri", "report-to")
_SPACE = re.compile(r"[ \t\n\v\f\r\u00a0]+")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# The order in which Unicode's root collation sorts what policies are written in.
_ORDER = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"
_RANK = {character: rank for rank, character in enumerate(_ORDER)}


class InvalidPolicy(Exception):
    """The policy cannot be read."""


@dataclass
class _Source:
    """One source of a directive, from the policy of this number."""

    text: str
    policy: int
    keep: bool


@dataclass(frozen=True)
class Policy:
    """Sources by directive; `repeated` says that a directive that may stand twice did."""

    directives: dict[str, set[str]]
    repeated: bool = False


def read_policy(policies: Sequence[str]) -> Policy:
    """Read and combine policies.

    Raises: InvalidPolicy.
    """
    texts = [text.replace("\r", "").replace("\n", "").strip() for text in policies]
    if any(len(text) < _SHORTEST for text in texts):
        raise InvalidPolicy("shorter than any policy")
    found: dict[str, list[_Source]] = {}
    repeated = False
    for number, text in enumerate(texts):
        seen: set[str] = set()
        for directive, words in _entries(text):
            if directive in seen:
                if directive not in _MAY_REPEAT:
                    raise InvalidPolicy(f"{directive} stands there twice")
                repeated = True
            seen.add(directive)
            earlier = found.get(directive, []) if number else []
            found[directive] = _combined(earlier, _sources(directive, words, number))
            if number == 0 and len(texts) > 1:
                # From here on, only what the next policy confirms stays.
                for source in found[directive]:
                    source.keep = False
    directives = {name: {source.text for source in sources} or {"'none'"} for name, sources in found.items()}
    return Policy(directives, repeated)


def read_meta_policy(policies: Sequence[str]) -> Policy:
    """Policies of meta elements, without the directives that only a header may hold.

    Raises: InvalidPolicy.
    """
    policy = read_policy(policies)
    return Policy(
        {name: sources for name, sources in policy.directives.items() if name not in _NOT_IN_META},
        policy.repeated,
    )


def _entries(text: str) -> list[tuple[str, list[str]]]:
    split = [_SPACE.split(part.strip()) for part in text.split(";")]
    return [(words[0].lower(), words[1:]) for words in split if words[0]]


def _sources(directive: str, words: list[str], number: int) -> list[_Source]:
    if not words and directive.endswith("-src"):
        words = ["'none'"]
    return [_Source(word.lower(), number, number == 0) for word in words]


def _combined(earlier: list[_Source], fresh: list[_Source]) -> list[_Source]:
    """What stays of both: within one policy the shorter of two that begin alike, across policies what matches."""
    sources = sorted([*earlier, *fresh], key=lambda source: _sort_key(source.text))
    for before, source in pairwise(sources):
        if source.policy == before.policy and source.text.startswith(before.text):
            source.keep = False
        if source.policy != before.policy and _covers(before.text, source.text):
            source.keep = True
    return [source for source in sources if source.keep]


def _sort_key(text: str) -> tuple[int, ...]:
    return tuple(_RANK.get(character, 1000 + ord(character)) for character in text)


def _covers(first: str, second: str) -> bool:
    """Whether the path in the first source reaches the second."""
    if not first or (first == "/" and not second):
        return True
    mine, other = first.split("/"), second.split("/")
    exact = not first.endswith("/")
    if len(mine) > len(other) or (exact and len(mine) != len(other)):
        return False
    if not exact:
        mine.pop()
    return all(_decoded(left) == _decoded(right) for left, right in zip(mine, other, strict=False))


def _decoded(piece: str) -> str:
    """The piece without percent escapes.

    Raises: InvalidPolicy for an escape that is none.
    """
    if _BROKEN_ESCAPE.search(piece):
        raise InvalidPolicy("broken percent escape")
    try:
        return unquote_to_bytes(piece.encode()).decode()
    except UnicodeDecodeError as error:
        raise InvalidPolicy("a percent escape that is no UTF-8") from error
