"""RED: request rate, errors and duration, and in which series each was found."""

from battery.model.frozen import Frozen
from battery.readiness.observability.metrics.exposition import Exposition, Family
from battery.readiness.observability.metrics.words import (
    STATUS_LABELS,
    counts_errors,
    counts_requests,
    tells_duration,
)


class Red(Frozen, frozen=True, kw_only=True):
    """The metrics that tell each of the three; none where nothing does."""

    rate: tuple[str, ...]
    errors: tuple[str, ...]
    duration: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What an operator could not see."""
        told = {"request rate": self.rate, "errors": self.errors, "duration": self.duration}
        return tuple(what for what, found in told.items() if not found)


def red_of(exposition: Exposition) -> Red:
    """What a scrape tells of the three. A family without a series yet counts: it is announced."""
    rate = [family for family in exposition.families if _tells_rate(family)]
    errors = [f"{family.name} ({label})" for family in rate if (label := _status_label(family))]
    errors += [
        family.name
        for family in exposition.families
        if family.kind == "counter" and counts_errors(family.name)
    ]
    duration = [family.name for family in exposition.families if _tells_duration(family)]
    return Red(rate=tuple(family.name for family in rate), errors=tuple(errors), duration=tuple(duration))


def _tells_rate(family: Family) -> bool:
    """A counter, or the count inside of a histogram or summary; what nobody typed may be one too."""
    countable = family.kind in ("counter", "histogram", "summary")
    untyped = not family.typed and family.name.endswith(("_total", "_count"))
    return (countable or untyped) and counts_requests(family.name) > 0


def _status_label(family: Family) -> str:
    return next((name for s in family.samples for name, _ in s.labels if name in STATUS_LABELS), "")


def _tells_duration(family: Family) -> bool:
    """Of requests: how long a garbage collection took is no answer."""
    return (
        family.kind in ("histogram", "summary")
        and tells_duration(family.name)
        and counts_requests(family.name) > 0
    )
