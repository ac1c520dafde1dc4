"""The log engine, in a worker: some lines of a log in, leaked secrets, errors and bursts out, secrets masked."""

from collections import Counter
from collections.abc import Callable, Iterator

from battery.scan.fingerprint import Fingerprints
from battery.scan.interface import Found
from battery.scan.source.logs.bursts import SECONDS, bursts
from battery.scan.source.logs.credentials import named_credentials
from battery.scan.source.logs.traces import traces
from battery.scan.source.pool_messages import Answer
from battery.scan.source.secrets.masking import Masking, mask
from battery.scan.source.secrets.placeholder import is_placeholder
from battery.scan.source.secrets.search import Search, Secret
from battery.scan.source.secrets.text import text_of

# Logs are full of ids and addresses: of these kinds nearly every one would be false.
_NOT_IN_LOGS = {"Base64 High Entropy String", "Hex High Entropy String", "Public IP (ipv4)", "Secret Keyword"}
_MOST_OF_ONE = 50  # places of one secret or one error in one part of a log; more say nothing new


def open_engine(key: bytes) -> Callable[[str, bytes], Answer]:
    """An engine whose contents are sealed under the key."""
    reader = _Reader(Search(), Masking(), Fingerprints(key))

    def scan(name: str, content: bytes) -> Answer:
        text = text_of(content)
        if text is None:
            return Answer(unread="binary: unpack it, or name the text log", harmless=False)
        found = list(reader.found(name, text.text))
        kept, places = [], Counter[tuple[str, str]]()
        for item in found:
            places[item.rule, item.content] += 1
            if places[item.rule, item.content] <= _MOST_OF_ONE:
                kept.append(item)
        return Answer(
            found=tuple(kept), counts={"lines": text.text.count("\n"), "repeated": len(found) - len(kept)}
        )

    return scan


class _Reader:
    def __init__(self, search: Search, masking: Masking, prints: Fingerprints) -> None:
        self._search, self._masking, self._prints = search, masking, prints

    def found(self, name: str, text: str) -> Iterator[Found]:
        """Everything in one part of a log."""
        lines = text.split("\n")
        told = set()
        for item in self._secrets(name, text, lines):
            told.add((item.line, item.content))
            yield item
        for item in self._credentials(name, lines):
            if (item.line, item.content) not in told:
                yield item
        for trace in traces(lines):
            yield Found(
                rule="logs.stack-trace",
                where=name,
                line=trace.line,
                content=f"{trace.language} {trace.error}",
                excerpt=f"{trace.language}: {trace.error}",
            )
        for burst in bursts(lines):
            yield Found(
                rule="logs.auth-failure-burst",
                where=name,
                line=burst.first,
                content=self._prints.seal(lines[burst.first - 1]),
                excerpt=f"{burst.count} failed logins, never fewer than 20 in {SECONDS:g} s, up to line {burst.last}",
            )

    def _secrets(self, name: str, text: str, lines: list[str]) -> Iterator[Found]:
        for secret in self._search.secrets(name, text):
            # A logger that masks leaves one letter over and over.
            if secret.kind not in _NOT_IN_LOGS and not is_placeholder(secret.whole) and not _is_word(secret):
                yield Found(
                    rule="logs.secret",
                    where=name,
                    line=secret.line,
                    content=self._prints.seal(secret.whole),
                    excerpt=self._masking.around(lines[secret.line - 1], secret.whole),
                    detail=f"{secret.kind}, {mask(secret.whole)}",
                )

    def _credentials(self, name: str, lines: list[str]) -> Iterator[Found]:
        for number, line in enumerate(lines, 1):
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
