"""nosec comments: what a file's author told bandit to be quiet about. They are obeyed as bandit does, and counted."""

import io
import tokenize
from collections.abc import Iterable

from bandit.core import manager  # type: ignore[import-untyped] # ships no types

_COOKIE = b"coding"


class Nosec:
    """Which tests are silenced on which lines; None where a file has no such comment."""

    def __init__(self, lines: dict[int, set[str] | None]) -> None:
        self._lines = {line: tests for line, tests in lines.items() if tests is not None}

    def suppresses(self, test_id: str, line: int, lines: Iterable[int]) -> bool:
        """Whether a finding on this line, in a statement of these lines, is silenced."""
        if not self._lines:
            return False
        own = self._lines.get(line)
        around = next((self._lines[number] for number in lines if number in self._lines), None)
        if own is None and around is None:
            return False
        tests = (own or set()) | (around or set())
        return not tests or test_id in tests


def nosec_of(data: bytes) -> Nosec:
    """The comments of a file.

    Raises: SyntaxError where the file cannot be cut into tokens at all.
    """
    # Without the word there is no such comment; only another encoding could spell it otherwise.
    if b"nosec" not in data and not has_cookie(data):
        return Nosec({})
    lines: dict[int, set[str] | None] = {}
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            if token.type == tokenize.COMMENT:
                lines[token.start[0]] = manager._parse_nosec_comment(token.string)  # noqa: SLF001 - bandit's own reading of the comment
    except tokenize.TokenError:
        return Nosec(lines)  # bandit keeps the comments up to there, too
    return Nosec(lines)


def has_cookie(data: bytes) -> bool:
    """Whether the first two lines may name an encoding."""
    return any(_COOKIE in line for line in data[:1000].split(b"\n", 2)[:2])
