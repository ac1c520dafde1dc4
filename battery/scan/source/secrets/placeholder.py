"""Placeholders: texts in the form of a secret that say of themselves that they are none, as manuals and examples have them.

What is looked for is so long that chance puts it into less than one random token in a million.
"""

import re
import string

_LEAST = 8
_REPEATED = re.compile(rf"(.)\1{{{_LEAST - 1}}}")
_SAYS_SO = re.compile(
    r"example|placeholder|replace_?me|change_?me|redacted|your[_-]?(?:own|api|real|secret|token|key)",
    re.IGNORECASE,
)
_ROWS = (string.ascii_lowercase,)
_IN_A_ROW = frozenset(row[at : at + _LEAST] for row in _ROWS for at in range(len(row) - _LEAST + 1))


def is_placeholder(secret: str) -> bool:
    """Whether nobody can have been given this: one letter over and over, a run of the alphabet, or a word that says so."""
    lowered = secret.lower()
    in_a_row = any(lowered[at : at + _LEAST] in _IN_A_ROW for at in range(len(lowered) - _LEAST + 1))
    return in_a_row or bool(_REPEATED.search(secret) or _SAYS_SO.search(secret))
