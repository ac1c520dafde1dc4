"""Metrics: well-formed in both formats, telling what an operator needs, moving, and true."""

import os
from collections.abc import Callable

import httpx
import msgspec
import pytest

from battery.checks.target_metrics import metrics_path
from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.cardinality import cardinality_of
from battery.readiness.observability.metrics.examination import metric_flaws
from battery.readiness.observability.metrics.exposition import Exposition, ExpositionUnreadable
from battery.readiness.observability.metrics.ledger import Ledger, send_counted
from battery.readiness.observability.metrics.liveliness import missing_flaws, stillness_flaws
from battery.readiness.observability.metrics.openmetrics import NAME as OPENMETRICS_NAME
from battery.readiness.observability.metrics.scrape import CLASSIC, OPENMETRICS, scrape
from battery.readiness.observability.metrics.truth import Comparison, SentLoad, truth_of
from battery.readiness.observability.report import record_flaws
from battery.readiness.observability.sending import Sender, harmless
from battery.recording import Record

Earlier = Callable[[str], Evidence | None]
pytestmark = [pytest.mark.gate("G6"), pytest.mark.instrument("readiness")]
_NUDGES = 10
# So many that a counter which misses one request in fifty by chance is far from the gate's limit in every run.
_REQUESTS = {"smoke": 3000, "standard": 5000, "full": 20_000}
_SECONDS = {"smoke": 60.0, "standard": 120.0, "full": 300.0}
_SCRAPES = 2  # before and after: the first may count itself once it is answered


@pytest.mark.measures("observability.metrics.defects", "observability.metrics.series")
@pytest.mark.limit("5 min")
def check_exposition(http: httpx.Client, target: Definition, record: Record, earlier: Earlier) -> None:
    """Metrics in text and OpenMetrics: well-formed, telling rate, errors and duration, moving."""
    require_answering_target(target, earlier)
    path = metrics_path(target)
    sender, endpoints = Sender(http, os.environ), harmless(target)
    flaws: list[Flaw] = []
    shown = [_read(http, path, CLASSIC, flaws, record)]
    for turn in range(_NUDGES):
        sender.send(endpoints[turn % len(endpoints)])
    shown.append(_read(http, path, CLASSIC, flaws, record) if shown[0] else None)
    first, later = shown
    other = _read(http, path, OPENMETRICS, flaws, record) if first else None
    if first and later:
        flaws += [*metric_flaws(later), *missing_flaws(later, path)]
        flaws += stillness_flaws(first, later, path, _NUDGES)
        _record_series(record, later)
    if other and other.format == OPENMETRICS_NAME:
        flaws += metric_flaws(other)
    record.fact("OpenMetrics", "offered" if other and other.format == OPENMETRICS_NAME else "not offered")
    at = f"{path}, {sum(bool(one) for one in (*shown, other))} scrapes read"
    record_flaws(record, "observability.metrics.defects", dict.fromkeys(flaws), looked=3, at=at)


@pytest.mark.measures("observability.counter.difference", "observability.histogram.difference")
@pytest.mark.limit("15 min")
def check_truth(http: httpx.Client, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The target's own counts agree with what the battery sent."""
    require_answering_target(target, earlier)
    path, named = metrics_path(target), target.observability.truth
    sender, endpoints = Sender(http, os.environ), harmless(target, named.endpoints)
    try:
        before = scrape(http, path).read()
        ledger = send_counted(
            lambda endpoint: getattr(sender.send(endpoint), "status", 0),
            endpoints,
            _REQUESTS[plan.intensity],
            seconds=_SECONDS[plan.intensity],
            tell=lambda share: record.progress(share, "counted requests"),
        )
        scrape(http, path)  # gives a count that is written once the answer is out the time to be so
        after = scrape(http, path).read()
    except ExpositionUnreadable as error:
        pytest.skip(str(error))
    truth = truth_of(before, after, _sent(ledger), counter=named.counter, histogram=named.histogram)
    record.fact("ledger", ledger.words)
    record.blob("ledger", msgspec.json.encode(ledger), "application/json")
    record.blob("comparison", msgspec.json.encode(truth), "application/json")
    compared = [_compared(record, each, ledger.sent) for each in (truth.counter, truth.histogram)]
    if not any(compared):
        pytest.skip(
            f"counter: {truth.counter.why}; histogram: {truth.histogram.why}; "
            "name them as [observability.truth] counter and histogram in battery.toml"
        )


def _read(http: httpx.Client, path: str, accept: str, flaws: list[Flaw], record: Record) -> Exposition | None:
    """One scrape; what cannot be read is a flaw."""
    try:
        found = scrape(http, path, accept)
        words = f"{len(found.data)} bytes of {found.content_type or 'no type'} in {found.milliseconds:.0f} ms"
        record.fact(f"asked for {accept.partition(';')[0]}", words)
        return found.read()
    except ExpositionUnreadable as error:
        flaws.append(Flaw(rule="metrics.unreadable", where=path, text=str(error)))
        return None


def _record_series(record: Record, exposition: Exposition) -> None:
    figures = cardinality_of(exposition)
    words = (
        f"{figures.families} metrics; the largest is {figures.largest} with {figures.largest_series} series"
    )
    if figures.widest_label:
        words += f", its widest label {figures.widest_label} with {figures.widest_values} values"
    record.measure("observability.metrics.series", figures.series, n=1, note=words)
    record.fact("series", f"{figures.series}: {words}")


def _sent(ledger: Ledger) -> SentLoad:
    answered = ledger.sent - ledger.unanswered
    return SentLoad(
        sent=ledger.sent, ok=answered, failed=ledger.unanswered, latencies=ledger.sent, beside=_SCRAPES
    )


def _compared(record: Record, comparison: Comparison, sent: int) -> bool:
    """Record one comparison, where there is one; a count that is doubled or worse is all wrong."""
    if comparison.percent is None or comparison.counted is None:
        record.fact(comparison.kind, f"unknown: {comparison.why}")
        return False
    words = f"{comparison.name} grew by {comparison.counted:g}, the battery sent {comparison.expected} ({comparison.why})"
    value = min(comparison.percent, 100.0)
    record.measure(f"observability.{comparison.kind}.difference", value, n=sent, note=words)
    record.fact(comparison.kind, words)
    return True
