"""The lines of an exposition, numbered and bounded, as a parser asks for them."""

from collections.abc import Iterator

from battery.readiness.observability.metrics.exposition import ExpositionUnreadable

# A longer line, or more of them, would keep the parsers busy for minutes.
LONGEST_LINE = 16 * 1024
MOST_LINES = 500_000


class Lines:
    """Yields the lines and remembers where it is, what was declared, and how many samples passed.

    With `masked`, counters are declared to the parser as gauges: it would rename their series otherwise.
    """

    def __init__(self, text: str, *, masked: bool) -> None:
        self._lines = text.split("\n")
        if self._lines[-1] == "":
            self._lines.pop()
        self._masked = masked
        self.number = 0
        self.kinds: dict[str, str] = {}
        self.described: set[str] = set()
        self.samples: list[str] = []

    def __iter__(self) -> Iterator[str]:
        if len(self._lines) > MOST_LINES:
            raise ExpositionUnreadable(f"{len(self._lines)} lines, at most {MOST_LINES} are read")
        for line in self._lines:
            self.number += 1
            if len(line) > LONGEST_LINE:
                raise ExpositionUnreadable(
                    f"{len(line)} characters, at most {LONGEST_LINE} are read", line=self.number
                )
            yield self._noted(line) + "\n"

    def _noted(self, line: str) -> str:
        if not line.startswith("#"):
            if line.strip():
                self.samples.append(line)
            return line
        words = line.split(None, 3)
        if len(words) == 4 and words[1] == "HELP":
            self.described.add(words[2])
        if len(words) == 4 and words[1] == "TYPE":
            self._refuse_second(words[2])
            self.kinds[words[2]] = words[3].strip()
            if self._masked and words[3].strip() == "counter":
                return f"# TYPE {words[2]} gauge"
        return line

    def _refuse_second(self, name: str) -> None:
        if name in self.kinds:
            raise ExpositionUnreadable(f"a second TYPE for {name[:80]}", line=self.number)
