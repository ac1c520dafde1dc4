"""Samples: what the locustfile's exceptions said, each text once with how often it came; bounded, for ids vary without end. Pure."""

from collections import Counter
from collections.abc import Mapping

MOST_TEXTS = 10
OTHERS = "other exceptions"
# Far more than is shown: a secret that is cut in two could not be recognised any more.
_LONGEST = 2000


class Samples:
    """Counts exceptions by their text."""

    def __init__(self, most: int = MOST_TEXTS) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()

    def add(self, text: str, count: int = 1) -> None:
        """Count a text; past the limit of texts as one of the others."""
        known = text in self._counts or len(self._counts) < self._most
        self._counts[text if known else OTHERS] += count

    def counts(self) -> Mapping[str, int]:
        """How often each came, in the order of their first coming."""
        return dict(self._counts)


def sample_of(error: BaseException) -> str:
    """The exception's type and its first line: the rest may hold a whole document."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    try:
        lines = str(error).strip().splitlines()
    except Exception as unreadable:  # noqa: BLE001 -- a user's exception may raise anything from its __str__
        lines = [f"(its text cannot be read: {type(unreadable).__name__})"]
    return f"{name}: {lines[0].strip()}"[:_LONGEST] if lines else name
