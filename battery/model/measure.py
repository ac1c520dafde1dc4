"""The measure: one named number in evidence, and the catalogue of names that gates may judge."""

from typing import Annotated, Literal

from msgspec import Meta

from battery.model.frozen import Frozen

MeasureName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$(?!\n)",
        title="measure name",
        description='dotted lower-case words such as "load.p1.p99"',
    ),
]
Unit = Literal["%", "ms", "s", "count", "bool", "MiB", "ratio", "1/s"]


class Measure(Frozen, frozen=True, kw_only=True):
    """What a measure means: its unit and the instrument that takes it."""

    name: MeasureName
    unit: Unit
    title: str


class Measurement(Frozen, frozen=True, kw_only=True):
    """A measured value with its one-sided bounds and its number of samples, where it has them."""

    name: MeasureName
    value: float
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    blob: str = ""
    note: str = ""
