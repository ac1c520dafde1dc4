"""The templates in labels and annotations: Prometheus refuses a file whose templates do not parse."""

import re
from collections.abc import Iterator

_ACTION = re.compile(r"\{\{-?\s*(/\*.*?\*/|(?:\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|[^\"`])*?)\s*-?\}\}", re.DOTALL)
_TEXTS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`")
_WORD = re.compile(r"(?<![\w.$])[A-Za-z_]\w*")
_LONGEST, _MOST_ACTIONS = 8192, 200  # beyond them the pattern for actions takes too long
_BLOCKS = {"if", "range", "with", "define", "block"}
_BUILT_IN = {
    *("and", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery"),
    *("call", "eq", "ne", "lt", "le", "gt", "ge", "true", "false", "nil", "template", "break", "continue"),
}
_OF_PROMETHEUS = {
    *("query", "first", "label", "value", "sortByLabel", "strvalue", "args", "reReplaceAll", "safeHtml"),
    *("match", "title", "toUpper", "toLower", "graphLink", "tableLink", "stripPort", "stripDomain", "now"),
    *("humanize", "humanize1024", "humanizeDuration", "humanizePercentage", "humanizeTimestamp", "toTime"),
    *("toDuration", "pathPrefix", "externalURL", "parseDuration", "urlQueryEscape"),
}
_KNOWN = _BUILT_IN | _OF_PROMETHEUS | _BLOCKS | {"else", "end"}


def template_trouble(text: str) -> str:
    """Why a template would not parse; empty when nothing speaks against it."""
    if text.count("{{") > _MOST_ACTIONS or (len(text) > _LONGEST and "{{" in text):
        return f"longer than {_LONGEST} characters, or more than {_MOST_ACTIONS} actions"
    actions = [match[1] for match in _ACTION.finditer(text)]
    rest = _ACTION.sub("", text)
    if "{{" in rest:
        return "an action is opened with {{ and never closed"
    depth = 0
    for action in actions:
        depth += _step(action)
        if depth < 0:
            return "an end stands without an if, range or with"
        for word in _unknown(action):
            return f"{word} is no function of Prometheus's templates"
        if not action.strip():
            return "an action is empty"
    return "" if depth == 0 else "an if, range or with has no end"


def _step(action: str) -> int:
    first = action.split(None, 1)[0] if action.split() else ""
    return 1 if first in _BLOCKS else -1 if first == "end" else 0


def _unknown(action: str) -> Iterator[str]:
    if not action.startswith("/*"):
        yield from (word for word in _WORD.findall(_TEXTS.sub("", action)) if word not in _KNOWN)
