"""The search of one text: only the lines that the prefilter could not clear, each by detect-secrets itself."""

from collections.abc import Iterable, Iterator

from battery.model.frozen import Frozen
from battery.scan.source.secrets.plugins import (
    is_known,
    is_of_no_known_kind,
    keywords_need_quotes,
    secrets_of_line,
)
from battery.scan.source.secrets.prefilter import candidate_offsets
from battery.scan.source.secrets.transform import rewritten


class Secret(Frozen, frozen=True, kw_only=True):
    """One secret on one line, by the plugin that knows it. It exists in memory only.

    `value` is what detect-secrets reports, which can be a part of the secret; `whole` is all of it.
    """

    kind: str
    line: int
    value: str
    whole: str


class Search:
    """Searches texts; `filtered=False` looks at every line, as detect-secrets does. Kinds in `without` are left out."""

    def __init__(self, filtered: bool | None = None, without: frozenset[str] = frozenset()) -> None:
        self.filtered = is_known() if filtered is None else filtered
        self._without = without

    def secrets(self, name: str, text: str) -> tuple[Secret, ...]:
        """The secrets of a text by line, in the first of detect-secrets' readings that has any."""
        lines = rewritten(name, text)
        found = self._of_values(name, lines) if lines else self._of_text(name, text)
        if not found and is_of_no_known_kind(name):
            again = rewritten(name, text, eager=True)
            found = self._of_values(name, again) if again else ()
        return found

    def in_every_reading(self, name: str, text: str) -> tuple[Secret, ...]:
        """The secrets on the text's own lines, and those that only a reading as settings shows.

        A log is no file of settings: where it happens to read like one, its own lines must not go unsearched.
        """
        readings = (rewritten(name, text, eager) for eager in (False, True))
        as_settings = [secret for lines in readings if lines for secret in self._of_values(name, lines)]
        found = {
            (secret.line, secret.kind, secret.whole): secret
            for secret in (*as_settings, *self._of_text(name, text))
        }
        return tuple(found[place] for place in sorted(found))

    def _of_text(self, name: str, text: str) -> tuple[Secret, ...]:
        """The secrets on the text's own lines."""
        offsets = (
            candidate_offsets(text, keywords_need_quotes(name), self._without) if self.filtered else None
        )
        if offsets is None:
            lines = _lines(text)
            return tuple(self._on(name, lines, range(1, len(lines) + 1)))
        numbers = line_numbers(text, offsets)
        return tuple(self._on(name, _lines(text), numbers)) if numbers else ()

    def _of_values(self, name: str, lines: list[str]) -> tuple[Secret, ...]:
        """The secrets on rewritten lines; a value may hold newlines of its own."""
        return tuple(self._on(name, lines, (n for n, line in enumerate(lines, 1) if self._may_match(line))))

    def _may_match(self, line: str) -> bool:
        if not line:
            return False
        offsets = (
            candidate_offsets(line, quoted_keywords=False, without=self._without) if self.filtered else None
        )
        return offsets is None or next(offsets, None) is not None

    def _on(self, name: str, lines: list[str], numbers: Iterable[int]) -> Iterator[Secret]:
        for number in numbers:
            found = [
                Secret(kind=secret.type, line=number, value=secret.secret_value, whole=whole)
                for secret, wholes in secrets_of_line(name, lines, number, self._without)
                for whole in wholes
            ]
            yield from sorted(found, key=lambda secret: (secret.kind, secret.value, secret.whole))


def _lines(text: str) -> list[str]:
    """The lines with their ends, cut at newlines only: not at the other characters that splitlines() cuts at."""
    *ended, last = text.split("\n")
    lines = [line + "\n" for line in ended]
    return [*lines, last] if last else lines


def line_numbers(text: str, offsets: Iterable[int]) -> list[int]:
    """The numbers of the lines on which some offsets stand, each once, in order."""
    numbers: list[int] = []
    number, at = 1, 0
    for offset in sorted(set(offsets)):
        number += text.count("\n", at, offset)
        at = offset
        if not numbers or numbers[-1] != number:
            numbers.append(number)
    return numbers
