"""OpenMetrics 1.0 text."""

from battery.readiness.coverage.report import shown
from battery.readiness.observability.metrics.classic import sample_of
from battery.readiness.observability.metrics.exposition import (
    Exposition,
    ExpositionUnreadable,
    Family,
    Sample,
)
from battery.readiness.observability.metrics.lines import Lines
from battery.readiness.observability.metrics.repeats import repeated

NAME = "OpenMetrics"


def read_openmetrics(text: str) -> Exposition:
    """The exposition in `text`.

    Raises: ExpositionUnreadable with the line.
    """
    from prometheus_client.openmetrics.parser import text_fd_to_metric_families

    lines = Lines(text, masked=False)
    families: list[Family] = []
    try:
        for metric in text_fd_to_metric_families(lines):  # type: ignore[no-untyped-call]
            samples = [one for one in metric.samples if one.native_histogram is None]
            families.append(
                Family(
                    name=metric.name,
                    kind=metric.type,
                    typed=metric.name in lines.kinds,
                    help=metric.documentation,
                    unit=metric.unit,
                    samples=tuple(sample_of(one) for one in samples),
                )
            )
    except (ValueError, KeyError, IndexError, TypeError) as error:
        reason = shown(str(error)) or "neither a comment nor a sample"
        raise ExpositionUnreadable(reason, line=lines.number) from error
    return Exposition(format=NAME, families=tuple(families), repeated=_dropped(families, lines))


def _dropped(families: list[Family], lines: Lines) -> tuple[str, ...]:
    """The parser drops a repeated series silently; where fewer came out than went in, the lines are read again."""
    if sum(len(family.samples) for family in families) == len(lines.samples):
        return ()
    from prometheus_client.parser import text_fd_to_metric_families

    told: list[Sample] = []
    for line in lines.samples:
        try:
            # An exemplar is cut off: the classic parser knows none.
            plain = text_fd_to_metric_families([f"{line.partition(' # ')[0]}\n"])  # type: ignore[arg-type]
            told += [sample_of(one) for metric in plain for one in metric.samples]
        except ValueError:
            continue  # a native histogram, of which there is one a series by its form
    return repeated(told)
