"""Secrets that open nothing: made from a word, so that none stands in this source."""

import hashlib
import string

_LETTERS = string.ascii_letters + string.digits


def made_up(word: str, length: int) -> str:
    """Letters and digits that look drawn by chance, the same each time."""
    drawn = hashlib.shake_256(f"nothing opens with this: {word}".encode()).digest(length)
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in drawn)
