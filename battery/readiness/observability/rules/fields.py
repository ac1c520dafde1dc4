"""The keys that a rule file may hold, each of its kind; any other is refused, as Prometheus does."""

import re
from typing import Any

from battery.readiness.coverage.report import shown
from battery.readiness.observability.rules.durations import seconds_of
from battery.readiness.observability.rules.rule_file import RulesUnreadable
from battery.readiness.observability.rules.templates import template_trouble

_LABEL = re.compile(r"(?!__name__\Z)[a-zA-Z_][a-zA-Z0-9_]*\Z")


class Fields:
    """One table of a rule file, at a place that errors name."""

    def __init__(self, file: str, where: str, value: Any, known: tuple[str, ...]) -> None:
        self.file, self.where = file, where
        if not isinstance(value, dict):
            raise self.refusal("expected a table of keys and values")
        self._value = value
        for key in value:
            if key not in known:
                raise self.refusal(f"unknown key {shown(str(key))!r}; known are {', '.join(known)}")

    def refusal(self, problem: str) -> RulesUnreadable:
        """The error that says it of this place."""
        return RulesUnreadable(self.file, problem, where=self.where)

    def has(self, key: str) -> bool:
        """Whether the key stands there with a value."""
        return self._value.get(key) is not None

    def text(self, key: str) -> str:
        """Its text, empty where it is absent."""
        value = self._value.get(key)
        if value is not None and not isinstance(value, str):
            raise self.refusal(f"{key} is a table or a list, expected text")
        return value or ""

    def several(self, key: str) -> list[Any]:
        """Its items, none where it is absent."""
        value = self._value.get(key)
        if value is not None and not isinstance(value, list):
            raise self.refusal(f"{key} is not a list")
        return value or []

    def duration(self, key: str) -> float | None:
        """Its seconds; none where it is absent."""
        text = self.text(key)
        seconds = seconds_of(text)
        if text and seconds is None:
            raise self.refusal(f"{key} is {shown(text)!r}, expected a duration such as 5m")
        return seconds

    def texts(self, key: str, *, templated: bool = True) -> dict[str, str]:
        """Labels or annotations: text by name."""
        value = self._value.get(key)
        inside = Fields(self.file, f"{self.where}, {key}", value if value is not None else {}, _Anything())
        return {name: inside.one_text(name, templated=templated) for name in inside.names()}

    def names(self) -> list[str]:
        """The keys that stand there, each a label name. Raises: RulesUnreadable."""
        for name in self._value:
            if not isinstance(name, str) or not _LABEL.match(name):
                raise self.refusal(f"{shown(str(name))!r} is no label name")
        return list(self._value)

    def one_text(self, name: str, *, templated: bool) -> str:
        """The text under a name, its template sound."""
        text = self.text(name)
        trouble = template_trouble(text) if templated else ""
        if trouble:
            raise self.refusal(f"{name}: {trouble}")
        return text


class _Anything(tuple[str, ...]):
    """The known keys of a table that may hold any."""

    def __contains__(self, key: object) -> bool:
        return True
