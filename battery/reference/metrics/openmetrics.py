"""The OpenMetrics text format, version 1.0.

https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
"""

from battery.reference.metrics import exposition
from battery.reference.metrics.sample import Sample

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
END = "# EOF\n"


def wanted(accept: str) -> bool:
    """Whether an Accept header asks for it; a client that takes anything gets the classic format."""
    for choice in accept.split(","):
        media_type, *parameters = (part.strip().lower() for part in choice.split(";"))
        if media_type == "application/openmetrics-text":
            return not any(_is_never(parameter) for parameter in parameters)
    return False


def header(family: str, kind: str, unit: str, description: str) -> str:
    """The TYPE, UNIT and HELP lines of a metric."""
    escaped = description.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
    units = f"# UNIT {family} {unit}\n" if unit else ""
    return f"# TYPE {family} {kind}\n{units}# HELP {family} {escaped}\n"


def line(sample: Sample) -> str:
    """One sample line; a bucket's bound is always written as a float."""
    values = [value if isinstance(value, str) else _bound(value) for value in sample.values]
    return exposition.sample(sample.name, sample.labels, values, sample.number)


def _bound(number: float) -> str:
    text = exposition.written(number)
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def _is_never(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip() in ("0", "0.0", "0.00", "0.000")
