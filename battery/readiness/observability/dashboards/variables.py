"""Grafana's variables in a query, replaced by something of their kind so that PromQL can be parsed."""

import re

_NAME = r"(?:\$\{(\w+)(?:[.:][^}]*)?\}|\[\[(\w+)(?::[^\]]*)?\]\]|\$(\w+))"
_VARIABLE = re.compile(_NAME)
# What stands where PromQL wants a duration: in brackets, or behind offset.
_DURATION = re.compile(rf"(\[\s*|:\s*|\boffset\s+){_NAME}")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)", re.IGNORECASE)
MATCH_ALL = ".*"
ANY_WORD = "any_variable"
_DURATIONS = {"__interval", "__rate_interval", "__range"}
_NUMBERS = {
    "__interval_ms": "60000",
    "__range_s": "3600",
    "__range_ms": "3600000",
    "__from": "0",
    "__to": "1",
}


def readings(query: str) -> tuple[str, ...]:
    """The query as Grafana may send it: durations 5m, texts that match all, and the rest a number or a word."""
    quoted = _QUOTED.sub(lambda match: _in_text(match[0]), query)
    timed = _DURATION.sub(lambda match: f"{match[1]}5m", quoted)
    grouped = _GROUPING.sub(lambda match: _VARIABLE.sub(ANY_WORD, match[0]), timed)
    return tuple(dict.fromkeys(_with_bare(grouped, word) for word in ("1", ANY_WORD)))


def _with_bare(query: str, word: str) -> str:
    return _VARIABLE.sub(lambda match: _bare(match, word), query)


def _in_text(quoted: str) -> str:
    """Whoever reads the selectors leaves a matcher out that holds a variable: it may take any value."""
    return quoted[0] + _VARIABLE.sub(lambda _: MATCH_ALL, quoted[1:-1]) + quoted[-1]


def _bare(match: re.Match[str], word: str) -> str:
    name = match[1] or match[2] or match[3]
    return "5m" if name in _DURATIONS else _NUMBERS.get(name, word)
