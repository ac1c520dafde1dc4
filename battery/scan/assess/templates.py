"""Templates: texts with marks such as «name» that are filled anew for each case; equal marks get equal values, others
different ones."""

import re
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from random import Random
from typing import TypeVar

from battery.scan.assess.words import ALPHANUMERIC, HEX, Words

_MARK = re.compile(r"«([a-z]+)(\d*)»")
_MAKERS: dict[str, Callable[[Words], str]] = {
    "name": Words.name,
    "verb": Words.verb,
    "title": Words.title,
    "word": Words.word,
    "text": Words.text,
    "number": Words.number,
    "host": Words.host,
    "path": Words.path,
    "secret": Words.secret,
    "digest": lambda words: words.token(HEX, 64),
    "commit": lambda words: words.token(HEX, 40),
    "constant": lambda words: words.name().upper(),
    "base": lambda words: words.token(ALPHANUMERIC, 64),
    "varied": lambda words: "".join(words.random.sample(ALPHANUMERIC, 48)),
    "octet": lambda words: str(words.random.randint(1, 254)),
    "day": lambda words: f"{words.random.randint(1, 28):02}",
    "minute": lambda words: f"{words.random.randint(0, 59):02}",
    "uuid": lambda words: "-".join(words.letters(HEX, count) for count in (8, 4, 4, 4, 12)),
    # Words that a pattern for passwords takes; in two parts, or this file would be a finding.
    "capitals": lambda words: words.random.choice(
        ("APARTMENT" + "HOUSES", "APACHE" + "SERVERS", "APERTURES" + "WIDE")
    ),
    "bidi": lambda _: "\u202e",
    "port": lambda words: str(words.random.randint(1024, 60000)),
    # Names that say that a secret follows, spelled here only: a template that spelled them would be a finding itself.
    "keyword": lambda words: words.random.choice(
        ("pass" + "word", "api_k" + "ey", "sec" + "ret", "db_pass" + "word")
    ),
    "password": lambda words: words.random.choice(
        ("pass" + "word", "db_pass" + "word", "user_pass" + "wd", "p" + "wd")
    ),
    "credential": lambda words: words.random.choice(
        ("pass" + "word", "tok" + "en", "pass" + "wd", "sec" + "ret")
    ),
}
_TRIES = 1000  # to draw a value that no other mark of the text has
T = TypeVar("T")


def filled(template: str, words: Words) -> str:
    """The template with a value for each mark, no two the same: a parameter's name cannot stand twice.

    Raises: KeyError for a mark that nobody knows.
    """
    values: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        if match[0] not in values:
            drawn = (_MAKERS[match[1]](words) for _ in range(_TRIES))
            values[match[0]] = next(one for one in drawn if one not in values.values())
        return values[match[0]]

    return _MARK.sub(value, template)


def taken(options: Sequence[T], count: int, source: Random) -> list[T]:
    """So many of the options, each as often as the others or once more, in a random order."""
    ordered = source.sample(list(options), len(options))
    chosen = list(islice(cycle(ordered), count)) if ordered else []
    source.shuffle(chosen)
    return chosen
