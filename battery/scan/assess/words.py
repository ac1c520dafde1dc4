"""Words: random names, values and sentences of a seeded source; none of them means anything to a scanner by itself."""

import string
from random import Random

_NOUNS = (
    *(
        "order",
        "invoice",
        "parcel",
        "ledger",
        "tariff",
        "voucher",
        "shelf",
        "basket",
        "route",
        "depot",
        "stock",
    ),
    *(
        "batch",
        "sensor",
        "gauge",
        "valve",
        "meter",
        "signal",
        "window",
        "margin",
        "bucket",
        "thread",
        "parser",
    ),
    *("folder", "record", "report", "picture", "channel", "region", "planet", "harbour", "bridge", "garden"),
)
_VERBS = (
    "read",
    "load",
    "merge",
    "sort",
    "count",
    "send",
    "store",
    "print",
    "build",
    "close",
    "collect",
    "find",
)
_ADJECTIVES = ("open", "next", "last", "small", "late", "plain", "whole", "early", "spare", "quiet", "broad")
LOWER, UPPER = string.ascii_lowercase, string.ascii_uppercase
LETTERS, DIGITS, HEX = string.ascii_letters, string.digits, "0123456789abcdef"
ALPHANUMERIC = LETTERS + DIGITS


class Words:
    """Draws from one random source; what it draws is fixed by the order of the calls."""

    def __init__(self, source: Random) -> None:
        self.random = source

    def name(self) -> str:
        """An identifier of two words."""
        return f"{self.random.choice(_ADJECTIVES)}_{self.random.choice(_NOUNS)}"

    def verb(self) -> str:
        """An identifier for a function."""
        return f"{self.random.choice(_VERBS)}_{self.random.choice(_NOUNS)}"

    def title(self) -> str:
        """An identifier for a class."""
        return self.random.choice(_ADJECTIVES).title() + self.random.choice(_NOUNS).title()

    def word(self) -> str:
        """One word."""
        return self.random.choice(_NOUNS)

    def text(self) -> str:
        """Some words in a row."""
        return " ".join(self.random.choices(_NOUNS, k=self.random.randint(2, 5)))

    def number(self) -> str:
        """A number of two to four digits."""
        return str(self.random.randint(10, 9999))

    def host(self) -> str:
        """A host name that nobody can own."""
        return f"{self.random.choice(_NOUNS)}-{self.random.randint(1, 99)}.example"

    def path(self) -> str:
        """An absolute path."""
        return f"/srv/{self.random.choice(_NOUNS)}/{self.random.choice(_NOUNS)}.dat"

    def secret(self) -> str:
        """A password as people choose them: no word, letters and digits."""
        return self.letters(LOWER, 1) + self.letters(ALPHANUMERIC, self.random.randint(10, 17))

    def letters(self, alphabet: str, count: int) -> str:
        """So many letters of an alphabet."""
        return "".join(self.random.choices(alphabet, k=count))

    def token(self, alphabet: str, count: int) -> str:
        """So many letters that begin with one: a run of digits alone would not count as a secret."""
        letters = [letter for letter in alphabet if letter.isalpha()]
        return self.random.choice(letters) + self.letters(alphabet, count - 1)
