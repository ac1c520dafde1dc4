"""A selector: a metric name and what its labels must be."""

import re
from collections.abc import Mapping

from battery.model.frozen import Frozen

# Prometheus itself adds these while it scrapes; no exposition can show them.
ADDED_BY_SCRAPE = {"job", "instance"}
# Python's engine backtracks: what could take for ever on a hostile label is not evaluated.
_MOST_QUANTIFIERS = 2
_LONGEST_VALUE = 256


class Matcher(Frozen, frozen=True, kw_only=True):
    """One condition on one label."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        escaped = self.value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        return f'{self.label}{self.operator}"{escaped}"'

    def accepts(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it; a label that is absent is empty, as in Prometheus. What cannot be told is met."""
        value = labels.get(self.label, "")
        if self.operator in ("=", "!="):
            return (value == self.value) is (self.operator == "=")
        if not _is_tame(self.value) or len(value) > _LONGEST_VALUE:
            return True
        try:
            found = re.fullmatch(self.value, value, re.DOTALL) is not None
        except re.error:  # RE2 knows spellings that Python does not
            return True
        return found is (self.operator == "=~")


class Selector(Frozen, frozen=True, kw_only=True):
    """What stands between two operators: `http_requests_total{code="500"}`. The name is empty where a pattern stands for it."""

    name: str
    matchers: tuple[Matcher, ...] = ()

    def __str__(self) -> str:
        inside = ",".join(str(matcher) for matcher in self.matchers)
        return f"{self.name}{{{inside}}}" if inside or not self.name else self.name

    def accepts(self, name: str, labels: Mapping[str, str]) -> bool:
        """Whether a series is selected; labels that only a scrape adds are not asked for."""
        if self.name and name != self.name:
            return False
        told = {**labels, "__name__": name}
        return all(one.accepts(told) for one in self.matchers if one.label not in ADDED_BY_SCRAPE)


def _is_tame(pattern: str) -> bool:
    quantifiers = len(re.findall(r"[*+{?]", pattern.replace("(?:", "(").replace("(?i)", "")))
    return quantifiers <= _MOST_QUANTIFIERS and not re.search(r"\)[*+{]", pattern)
