"""Names: what a locustfile calls its requests, numbered as they come up."""

from collections.abc import Iterable

MOST_NAMES = 512
OTHERS = "(others)"
UNBEGUN = "(journey without a request)"


class Names:
    """Numbers names; past the limit all others share one number, so that memory stays flat when ids are in the names."""

    def __init__(self, known: Iterable[str] = (), most: int = MOST_NAMES) -> None:
        self._numbers: dict[str, int] = {}
        self._most = most
        for name in known:
            self.number(name)

    def number(self, name: str) -> int:
        """The name's number."""
        found = self._numbers.get(name)
        if found is None:
            if len(self._numbers) >= self._most:
                name = OTHERS
            found = self._numbers.setdefault(name, len(self._numbers))
        return found

    def all(self) -> tuple[str, ...]:
        """The names by their numbers."""
        return tuple(self._numbers)
