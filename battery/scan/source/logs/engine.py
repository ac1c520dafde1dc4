"""The log engine, in a worker: some lines of a log in, leaked secrets and errors out, masked, and failed logins as marks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from battery.scan.fingerprint import Fingerprints
from battery.scan.interface import Found
from battery.scan.source.logs.candidates import candidates, every_line
from battery.scan.source.logs.credentials import named_credentials
from battery.scan.source.logs.failure import packed
from battery.scan.source.logs.traces import traces
from battery.scan.source.pool_messages import Answer
from battery.scan.source.secrets.masking import Masking, mask
from battery.scan.source.secrets.placeholder import is_placeholder
from battery.scan.source.secrets.prefilter import ADDRESS, ENTROPY, KEYWORDS
from battery.scan.source.secrets.search import Search, Secret
from battery.scan.source.secrets.text import text_of

# Logs are full of ids and addresses: of these kinds nearly every one would be false.
_NOT_IN_LOGS = frozenset({ADDRESS, KEYWORDS}) | ENTROPY
_MOST_OF_ONE = 50  # places of one secret or one error in one part of a log; more say nothing new


def open_engine(key: bytes, filtered: bool | None = None) -> Callable[[str, bytes], Answer]:
    """An engine whose contents are sealed under the key; `filtered=False` looks at every line with every rule."""
    prints = Fingerprints(key)
    reader = _Reader(Search(filtered, without=_NOT_IN_LOGS), Masking(), prints)

    def scan(name: str, content: bytes) -> Answer:
        text = text_of(content)
        if text is None:
            return Answer(unread="binary: unpack it, or name the text log", harmless=False)
        lines = text.text.split("\n")
        chosen = every_line(lines) if filtered is False else candidates(text.text, lines)
        found = [
            *reader.leaks(name, text.text, lines, chosen.credentials),
            *_traces(name, lines, chosen.traces),
        ]
        kept = _few_of_each(found)
        return Answer(
            found=kept,
            counts={"lines": len(lines) - 1, "repeated": len(found) - len(kept)},
            marks=packed(lines, chosen.failures, prints.seal),
        )

    return scan


def _few_of_each(found: Iterable[Found]) -> tuple[Found, ...]:
    places = Counter[tuple[str, str]]()
    kept = []
    for item in found:
        places[item.rule, item.content] += 1
        if places[item.rule, item.content] <= _MOST_OF_ONE:
            kept.append(item)
    return tuple(kept)


def _traces(name: str, lines: Sequence[str], numbers: Iterable[int]) -> Iterator[Found]:
    for trace in traces(lines, numbers):
        yield Found(
            rule="logs.stack-trace",
            where=name,
            line=trace.line,
            content=f"{trace.language} {trace.error}",
            excerpt=f"{trace.language}: {trace.error}",
        )


class _Reader:
    def __init__(self, search: Search, masking: Masking, prints: Fingerprints) -> None:
        self._search, self._masking, self._prints = search, masking, prints

    def leaks(self, name: str, text: str, lines: Sequence[str], numbers: Iterable[int]) -> Iterator[Found]:
        """The secrets in one part of a log, and what stands beside its name on some lines; each place once."""
        told = set()
        for item in self._secrets(name, text, lines):
            told.add((item.line, item.content))
            yield item
        for item in self._credentials(name, lines, numbers):
            if (item.line, item.content) not in told:
                yield item

    def _secrets(self, name: str, text: str, lines: Sequence[str]) -> Iterator[Found]:
        for secret in self._search.in_every_reading(name, text):
            # A logger that masks leaves one letter over and over.
            if not is_placeholder(secret.whole) and not _is_word(secret):
                # Read as settings, a value of many lines can end below the last line.
                line = lines[secret.line - 1] if secret.line <= len(lines) else ""
                yield Found(
                    rule="logs.secret",
                    where=name,
                    line=secret.line,
                    content=self._prints.seal(secret.whole),
                    excerpt=self._masking.around(line, secret.whole),
                    detail=f"{secret.kind}, {mask(secret.whole)}",
                )

    def _credentials(self, name: str, lines: Sequence[str], numbers: Iterable[int]) -> Iterator[Found]:
        for number in numbers:
            line = lines[number - 1]
            for label, value, column in named_credentials(line):
                yield Found(
                    rule="logs.credential",
                    where=name,
                    line=number,
                    column=column,
                    content=self._prints.seal(value),
                    excerpt=self._masking.around(line, value),
                    detail=f"{label}, {mask(value)}",
                    confidence="medium",
                )


def _is_word(secret: Secret) -> bool:
    """A word in capitals: Artifactory's passwords may look like any that begins with APA to APF."""
    text = secret.value.strip(' \t=:"')
    return secret.kind == "Artifactory Credentials" and text.isalpha() and text.isupper()
