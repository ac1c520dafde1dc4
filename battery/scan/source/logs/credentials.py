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
# "invalid password: attempt 3 of 5" is a sentence, as is "password: required": no value is given there.
_PROSE = re.compile(r"[a-z]+(?: [a-z\d]+){2,}(?:[ .,;)]|$)")
_SAID = re.compile(
    r"(?:not )?(?:required|missing|invalid|incorrect|wrong|expired|changed|updated|rejected|accepted|rotated|cleared|unchanged"
    r"|mismatch|verified|refused|denied|empty|absent|deleted|disabled|enabled|reset|ok|set)\b"
)


def named_credentials(line: str) -> Iterator[tuple[str, str, int]]:
    """Name, value and column of each credential that the logger did not mask."""
    for match in _NAMED.finditer(line):
        if not _MASKED.search(match["value"]) and not _is_sentence(match, line):
            yield match["name"].lower(), match["value"], match.start("value") + 1


def _is_sentence(match: re.Match[str], line: str) -> bool:
    """Whether words follow the name and not a value: after a colon and a blank, without quotes or a scheme."""
    begin = match.start("value")
    if match["scheme"] or not line[:begin].endswith(": "):
        return False
    return bool(_SAID.match(line, begin) or _PROSE.match(line, begin))
