"""A line of key=value pairs."""

import re

from battery.readiness.observability.logs.line import LogLine

_PAIR = re.compile(r"([A-Za-z_][\w.@/-]{0,99})=(\"(?:[^\"\\]|\\.)*\"|[^\s\"]*)(?=\s|\Z)")
_FEWEST = 2  # one pair in a sentence is no structure


def read_logfmt_line(text: str) -> LogLine | None:
    """The line; none when anything in it is no pair, or there are too few of them."""
    stripped = text.strip()
    pairs = _PAIR.findall(stripped)
    if len(pairs) < _FEWEST or _PAIR.sub("", stripped).strip():
        return None
    return LogLine(format="logfmt", fields={name.lower(): _plain(value) for name, value in pairs})


def _plain(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1])
