"""Reading: which files hold settings, and the settings in each, by its format or else line by line."""

import ast
import contextlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from battery.scan.source.configuration.python_settings import python_settings
from battery.scan.source.configuration.setting import Setting
from battery.scan.source.configuration.yaml_settings import yaml_settings

_ASSIGNED = re.compile(
    r"""^\s*(?:export\s+|-\s+)?["']?(?P<name>[A-Za-z_][\w.\-]*)["']?\s*(?:=|:)\s*(?P<value>.*?)\s*,?\s*$"""
)
_SECTION = re.compile(r"^\s*\[+\s*(?P<name>[^\]]+?)\s*\]+\s*$")
_PYTHON = re.compile(
    r"(?:^|[/_.-])(?:settings?|config(?:uration)?|conf|defaults|production)(?:[/_.-]|$)", re.IGNORECASE
)
_ENVIRONMENT = re.compile(r"\.env(?:[._-].*|rc)?$|\.flaskenv$|.*\.env$")
_INI = (".ini", ".cfg", ".conf", ".cnf", ".properties")
# A string that never ends goes to the end: from each of its quotes another would be tried else.
_JSON_STRING = r'(?P<string>"(?:\\.|[^"\\])*+(?:"|\\?\Z))'
_JSON_COMMENT = re.compile(rf"{_JSON_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_JSON_LAST_COMMA = re.compile(rf"{_JSON_STRING}|,(?=\s*[\]}}])", re.DOTALL)

_NAMED = re.compile(r"""["'](?P<quoted>[^"']+)["']\s*[=:]|(?<![\w\-])(?P<bare>[\w\-]+)\s*[=:]""")
_AHEAD = 1000  # a value that is spelled otherwise, with escapes say, must not cost a look at every line

Reader = Callable[[str], Iterator[Setting]]


def kind_of(name: str) -> str:
    """The format of a file of settings; empty for any other file."""
    file = PurePosixPath(name.lower())
    if _ENVIRONMENT.match(file.name):
        return "env"
    if file.suffix in (".toml", ".json"):
        return file.suffix[1:]
    if file.suffix in (".yaml", ".yml"):
        return "yaml"
    if file.suffix in _INI:
        return "ini"
    return "python" if file.suffix == ".py" and _PYTHON.search(name) else ""


def settings_of(kind: str, text: str) -> tuple[tuple[Setting, ...], bool]:
    """The settings of a text, and whether its format could be followed; a template is read line by line instead."""
    reader = _READERS.get(kind)
    if reader is not None:
        try:
            return tuple(reader(text)), True
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return tuple(by_line(text)), False
    return tuple(by_line(text)), True


def by_line(text: str) -> Iterator[Setting]:
    """Settings as `name = value` or `name: value`, below `[sections]`."""
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("#", ";", "//")):
            continue
        if match := _SECTION.match(line):
            section = (match["name"],)
        elif match := _ASSIGNED.match(line):
            yield Setting(path=(*section, match["name"]), value=_unquoted(match["value"]), line=number)


def _unquoted(value: str) -> str:
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value[1:]
    return re.split(r"\s[#;]", value, maxsplit=1)[0].strip()


def _toml(text: str) -> Iterator[Setting]:
    yield from _flat(tomllib.loads(text), (), _Lines(text))


def _json(text: str) -> Iterator[Setting]:
    yield from _flat(_json_value(text), (), _Lines(text))


def _json_value(text: str) -> Any:
    """What the text says as JSON, as JSON with comments and trailing commas, or as one JSON value a line.

    Raises: ValueError when it is none of these.
    """
    for spelled in (text, _without_comments(text)):
        with contextlib.suppress(ValueError):
            return json.loads(spelled)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _without_comments(text: str) -> str:
    bare = _JSON_COMMENT.sub(lambda match: match["string"] or " ", text)
    return _JSON_LAST_COMMA.sub(lambda match: match["string"] or "", bare)


def _python(text: str) -> Iterator[Setting]:
    yield from python_settings(ast.parse(text))


class _Lines:
    """Finds the line of a name again: neither tomllib nor json tells it. Asked for in the order of the document."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._named: dict[str, list[int]] = {}
        self._last: dict[str, tuple[int, str]] = {}
        for number, line in enumerate(self._lines, 1):
            if not line.lstrip().startswith(("#", "//")):
                for match in _NAMED.finditer(line):
                    self._named.setdefault(match["quoted"] or match["bare"], []).append(number)

    def of(self, name: str, value: str) -> int:
        """The next line that gives this name this value, or else the first that gives it any; 0 for none."""
        numbers = self._named.get(name, [])
        last, its_value = self._last.get(name, (0, ""))
        if not value or not numbers:
            return numbers[0] if numbers else 0
        ahead = range(last + (value == its_value), min(last + _AHEAD, len(numbers)))
        for place in chain(ahead, (last,)):
            if value in self._lines[numbers[place] - 1]:
                self._last[name] = place, value
                return numbers[place]
        return numbers[0]


def _flat(value: Any, path: tuple[str, ...], lines: _Lines) -> Iterator[Setting]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, (*path, str(name)), lines)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner, path, lines)
    elif path:
        text = "" if value is None else str(value)
        yield Setting(path=path, value=text, line=lines.of(path[-1], text))


_READERS: dict[str, Reader] = {"toml": _toml, "json": _json, "yaml": yaml_settings, "python": _python}
