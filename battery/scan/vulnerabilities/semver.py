"""The order of Semantic Versioning 2.0.0, as npm packages are versioned."""

import re
from functools import total_ordering

# Events of ranges leave out zero parts at times ("1.2"), and old tags begin with v.
_VERSION = re.compile(
    r"[v=\s]*([0-9]{1,18})(?:\.([0-9]{1,18}))?(?:\.([0-9]{1,18}))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?\s*\Z"
)


@total_ordering
class Semver:
    """One version; build metadata is no part of the order. Raises: ValueError for text that is none."""

    def __init__(self, text: str) -> None:
        found = _VERSION.match(text)
        if not found:
            raise ValueError(f"{text[:80]!r} is no semantic version")
        self._release = tuple(int(part or 0) for part in found.groups()[:3])
        self._pre = tuple(_identifier(part) for part in found[4].split(".")) if found[4] else None

    @property
    def _key(self) -> tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
        """A pre-release comes before its release; of two, the one with more identifiers comes later."""
        return self._release, self._pre is None, self._pre or ()

    def __eq__(self, other: object) -> bool:
        """Whether both take the same place."""
        return isinstance(other, Semver) and self._key == other._key

    def __lt__(self, other: "Semver") -> bool:
        """Whether this comes before the other."""
        return self._key < other._key

    def __hash__(self) -> int:
        """As equality has it."""
        return hash(self._key)


def _identifier(text: str) -> tuple[bool, int, str]:
    """Numbers compare as numbers and come before words."""
    return (False, int(text), "") if text.isascii() and text.isdigit() else (True, 0, text)
