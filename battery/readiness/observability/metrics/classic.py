"""The classic Prometheus text format, version 0.0.4."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from battery.readiness.coverage.report import shown
from battery.readiness.observability.metrics.exposition import (
    Exposition,
    ExpositionUnreadable,
    Family,
    Sample,
)
from battery.readiness.observability.metrics.lines import Lines
from battery.readiness.observability.metrics.repeats import repeated

if TYPE_CHECKING:
    from prometheus_client.samples import Sample as Parsed

NAME = "Prometheus text"
# The library's parser is laxer than Prometheus: it takes any word as a kind.
_KINDS = {"counter", "gauge", "histogram", "summary", "untyped", "unknown"}


def read_classic(text: str) -> Exposition:
    """The exposition in `text`.

    Raises: ExpositionUnreadable with the line.
    """
    from prometheus_client.parser import text_fd_to_metric_families

    lines = Lines(text, masked=True)
    try:
        # The parser only iterates over what it takes for a file.
        metrics = text_fd_to_metric_families(lines)  # type: ignore[arg-type]
        parts = [_family(one.name, one.documentation, one.samples, lines) for one in metrics]
    except (ValueError, KeyError, IndexError) as error:
        reason = shown(str(error)) or "neither a comment nor a sample"
        raise ExpositionUnreadable(reason, line=lines.number) from error
    families = tuple(_joined(parts))
    samples = [sample for family in families for sample in family.samples]
    return Exposition(format=NAME, families=families, repeated=repeated(samples))


def _family(name: str, documentation: str, samples: "Iterable[Parsed]", lines: Lines) -> Family:
    kind = lines.kinds.get(name, "")
    if kind and kind not in _KINDS:
        raise ExpositionUnreadable(f"{shown(name)} has the kind {shown(kind)!r}", line=lines.number)
    return Family(
        name=name,
        kind="unknown" if kind in ("", "untyped") else kind,
        typed=bool(kind),
        help=documentation if name in lines.described else "",
        samples=tuple(sample_of(one) for one in samples),
    )


def sample_of(parsed: "Parsed") -> Sample:
    """A sample of the library as ours."""
    labels = tuple(sorted((parsed.labels or {}).items()))
    return Sample(parsed.name, labels, float(parsed.value))


def _joined(parts: Iterable[Family]) -> Iterator[Family]:
    """Series without TYPE come one by one: those of one name that follow each other are one family."""
    import msgspec

    held: list[Family] = []
    for part in parts:
        if held and (held[0].name != part.name or held[0].typed or part.typed):
            yield msgspec.structs.replace(held[0], samples=tuple(s for one in held for s in one.samples))
            held = []
        held.append(part)
    if held:
        yield msgspec.structs.replace(held[0], samples=tuple(s for one in held for s in one.samples))
