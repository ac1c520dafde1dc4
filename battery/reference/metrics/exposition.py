"""The Prometheus text exposition format, version 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

import math
import re
from collections.abc import Sequence

from battery.reference.metrics.sample import Sample

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL_NAME = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")


def checked_names(name: str, labels: Sequence[str]) -> None:
    """Raises: ValueError when the format does not allow a name."""
    if not _METRIC_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no metric name")
    for label in labels:
        if not _LABEL_NAME.fullmatch(label):
            raise ValueError(f"{label!r} is no label name")


def header(name: str, kind: str, description: str) -> str:
    """The HELP and TYPE lines of a metric."""
    escaped = description.replace("\\", r"\\").replace("\n", r"\n")
    return f"# HELP {name} {escaped}\n# TYPE {name} {kind}\n"


def sample(name: str, labels: Sequence[str], values: Sequence[str], number: float) -> str:
    """One sample line."""
    pairs = ",".join(f'{label}="{_escaped(value)}"' for label, value in zip(labels, values, strict=True))
    return f"{name}{{{pairs}}} {written(number)}\n" if pairs else f"{name} {written(number)}\n"


def line(told: Sample) -> str:
    """The line of a sample."""
    values = [value if isinstance(value, str) else written(value) for value in told.values]
    return sample(told.name, told.labels, values, told.number)


def written(number: float) -> str:
    """A number as the format spells it."""
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    if math.isnan(number):
        return "NaN"
    return str(int(number)) if number == int(number) and abs(number) < 2**53 else repr(float(number))


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
