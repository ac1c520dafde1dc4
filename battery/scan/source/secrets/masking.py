"""Masking: an excerpt shows where a secret stands and how long it is, never what it is."""

import re
from functools import cache
from typing import Any

from battery.scan.source.secrets.plugins import is_known, plugins, whole_secrets
from battery.scan.source.secrets.prefilter import candidate_offsets

_LONGEST = 160
_SHORTEST_SHOWN = 8  # of shorter secrets two characters would tell too much
_NO_SECRET = {"Public IP (ipv4)"}
# What a secret is made of: a plugin may match a part of a token only, and the rest of it has to go as well.
_MORE = r"[A-Za-z0-9_.~+/=\-]*"
_BODY = re.compile(r"[A-Za-z0-9+/=\\]{20,}")
_ANY_STRING = re.compile(r"(\"\"\"|'''|\"|')(?:\\.|(?!\1).)*(?:\1|$)", re.DOTALL)
_ASSIGNED = re.compile(
    r"(?i)((?:passw(?:or)?d|passphrase|pwd|secret|token|api_?key|private_?key|access_?key|authorization|bearer|credential)"
    r"\w*[\"'\]]{0,3}\s*(?:=|:|\s)\s*)(\"[^\"]*\"?|'[^']*'?|(?:bearer|basic|token)\s+\S+|[^\s\"',;)}\]]+)"
)
# Up to the last @: a password may hold all that a URL should escape. Too much is masked rather than a part shown.
_IN_URL = re.compile(r"(://[^\s/:@]*:)\S+(@)")


def mask(secret: str) -> str:
    """A stand-in: the first two characters of a long secret, and its length."""
    shown = secret[:2] if len(secret) >= _SHORTEST_SHOWN else ""
    return f"{shown}***({len(secret)} characters)"


class Masking:
    """Masks excerpts with the same plugins that find the secrets, and with what their filters let pass."""

    def line(self, text: str) -> str:
        """The text without any secret that a plugin sees in it, cut to a length that fits a report."""
        return _clipped("\n".join(_masked(line) for line in text.split("\n")))

    def strings(self, text: str) -> str:
        """The text without any string literal: it is known that one of them is a secret, not which."""
        return self.line(_ANY_STRING.sub(lambda match: f"{match[1][0]}***{match[1][0]}", text))

    def around(self, text: str, secret: str) -> str:
        """The line that a secret stands on; only its mask where the line spells it in another way."""
        if secret not in text:
            return mask(secret)
        return self.line(_replaced(text, secret))


@cache
def _secret_plugins() -> tuple[Any, ...]:
    return tuple(plugin for plugin in plugins() if plugin.secret_type not in _NO_SECRET)


def _masked(line: str) -> str:
    if "PRIVATE KEY" in line:
        return _BODY.sub("***", line)
    for value in sorted(_values(line), key=lambda value: (-len(value), value)):
        line = _replaced(line, value)
    line = _IN_URL.sub(r"\1***\2", line)
    return _ASSIGNED.sub(_assigned, line)


def _values(line: str) -> set[str]:
    """What the plugins take for secrets on a line, unless the prefilter proves that there is nothing."""
    offsets = candidate_offsets(line, quoted_keywords=False) if is_known() else None
    if offsets is not None and next(offsets, None) is None:
        return set()
    return {
        whole
        for plugin in _secret_plugins()
        for secret in plugin.analyze_line(filename="", line=line, line_number=0, context=None)
        if secret.secret_value
        for whole in whole_secrets(plugin, line, secret.secret_value)
    }


def _assigned(match: re.Match[str]) -> str:
    value = match[2]
    if "***" in value or value in ("None", "True", "False", "=", "==", "!="):
        return match[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{match[1]}{quote}***{quote}"


def _replaced(line: str, value: str) -> str:
    if len(value) < 4:  # as a bare text it would stand inside many words
        return re.sub(rf"([\"'`]){re.escape(value)}\1", r"\1***\1", line)
    return re.sub(_MORE + re.escape(value) + _MORE, lambda _: mask(value), line)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
