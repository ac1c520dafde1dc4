"""Excerpts of what a target says: short, one line, with whatever looks like a secret masked."""

import re

from battery.redaction import MASK

_ASSIGNED = re.compile(
    r"(?i)([\w.-]*(?:passw(?:or)?d|secret|token|api[_-]?key|private[_-]?key|credential|dsn|authorization)[\w.-]*"
    r"[\"']?\s*[:=]\s*)(?:bearer\s+|basic\s+)?(\"[^\"]*\"|'[^']*'|[^\s,;&<>\"']+)"
)
_IN_URL = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@]*:)[^\s@/]+(@)")
_LONG = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
_LIMIT = 200


def excerpt_of(text: str) -> str:
    """One printable line without secrets."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * _LIMIT]).split())
    line = _ASSIGNED.sub(rf"\1{MASK}", line)
    line = _IN_URL.sub(rf"\1{MASK}\2", line)
    return _LONG.sub(MASK, line)[:_LIMIT]
