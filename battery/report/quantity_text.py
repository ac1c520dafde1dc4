"""Quantities as people read them: values with units, limits, durations, sizes, moments."""

import math
from datetime import datetime

from battery.model.verdict import RuleVerdict


def number(value: float) -> str:
    """A number with as many digits as a person compares."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.6g}"


def limit_text(rule: RuleVerdict) -> str:
    """What the rule demands: "upper bound <= 800 ms"."""
    bound = "" if rule.bound == "value" else f"{rule.bound} bound "
    return f"{bound}{rule.operator} {_with_unit(_apart(rule.limit, rule.value), rule)}"


def value_text(rule: RuleVerdict) -> str:
    """What was judged: "1240 ms (upper bound), n = 412"; "none" when nothing could be."""
    samples = "" if rule.n is None else f", n = {rule.n}"
    if rule.value is None:
        return f"none{samples}"
    bound = "" if rule.bound == "value" else f" ({rule.bound} bound)"
    return f"{_with_unit(_apart(rule.value, rule.limit), rule)}{bound}{samples}"


def duration(seconds: float) -> str:
    """A duration in its two largest units: "850 ms", "12.3 s", "4 min 5 s", "2 h 3 min"."""
    if not math.isfinite(seconds) or seconds < 0:
        return "unknown"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def size(count: int) -> str:
    """A size in bytes as people read it."""
    for factor, unit in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"


def instant(moment: datetime) -> str:
    """A moment to the second, with its zone where it has one."""
    return f"{moment:%Y-%m-%d %H:%M:%S %Z}".rstrip()


def counted(count: int, noun: str) -> str:
    """A count and its noun: "1 rule", "2 rules"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _with_unit(text: str, rule: RuleVerdict) -> str:
    if rule.unit == "bool":
        return {"1": "true", "0": "false"}.get(text, text)
    return text if rule.unit == "count" else f"{text} {rule.unit}"


def _apart(value: float, other: float | None) -> str:
    """Two numbers that differ must not read the same: 800.0000001 against 800."""
    text = number(value)
    return repr(value) if other is not None and value != other and text == number(other) else text
