"""Credentials in logs: values that stand beside their names, as requests and settings are logged."""

import re
from collections.abc import Iterator

_NAMED = re.compile(
    r"(?i)\b(?P<name>authorization|proxy-authorization|password|passwd|pwd|passphrase|secret|client_secret|api[_-]?key"
    r"|x-api-key|access[_-]?token|refresh[_-]?token|id[_-]?token|session[_-]?id|sessionid|set-cookie)"
    r"[\"']?\s*(?:=|:|%3D)\s*[\"']?(?P<scheme>(?:bearer|basic|token|digest)\s+)?(?P<value>[^\s\"'&,;}\]]{6,})"
)
_MASKED = re.compile(
    r"^[*x.•#\-_]+$|redacted|masked|filtered|hidden|\*\*\*|^<.*>$|^\$\{|^(?:none|null|true|false|undefined)$",
    re.IGNORECASE,
)


def named_credentials(line: str) -> Iterator[tuple[str, str, int]]:
    """Name, value and column of each credential that the logger did not mask."""
    for match in _NAMED.finditer(line):
        if not _MASKED.search(match["value"]):
            yield match["name"].lower(), match["value"], match.start("value") + 1
