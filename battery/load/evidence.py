"""What a profile's run leaves: measures with bounds, facts, and blobs from which each number can be recomputed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from battery.load.concurrency import Curve, Point, fit_curve
from battery.load.drift import Drift, Growth, drift, growth
from battery.load.gpu import describe_gpus
from battery.load.instrument import LoadResult
from battery.load.resources import Usage
from battery.load.shortfall import shortfalls
from battery.load.soak.spool import Spool
from battery.load.spike import SpikeRecovery, spike_recovery
from battery.load.tally import Slice
from battery.load.watching import Watched
from battery.model.target import Endpoint
from battery.recording import Record
from battery.statistics import proportion

_SHOWN = 200  # characters of an exception


class Observed:
    """What was seen beside the tally: the seconds, the target's resources, and times that nobody watched."""

    def __init__(
        self,
        seconds: Sequence[Slice],
        usage: Sequence[Usage],
        raw: tuple[bytes, bytes],
        facts: Mapping[str, str],
    ) -> None:
        self.seconds, self.usage, self.raw, self.facts = seconds, usage, raw, facts

    @classmethod
    def of(
        cls, spool: Spool, watching: Watched, gaps: Sequence[str], clocks: Mapping[str, str]
    ) -> "Observed":
        """What the spool holds, with what is to be known about it."""
        usage = spool.usage()
        facts = {
            "gpu": describe_gpus([item.gpus for item in usage], watching.gpus.why_none),
            "target resources read from": watching.source,
        }
        if gaps:
            facts["not watched"] = "; ".join(gaps)
        if clocks:
            facts["remote clocks"] = "; ".join(f"{worker} {text}" for worker, text in clocks.items())
        return cls(spool.slices(), usage, spool.raw(), facts)


def record_result(record: Record, result: LoadResult, observed: Observed) -> None:
    """Measures, proofs, facts and blobs of one profile."""
    seconds, usage = observed.seconds, observed.usage
    name = f"load.{result.request.profile.id.lower()}"
    early = result.ended_early
    measured = Chosen(record, early.measure if early else "")
    for proof in result.proofs:
        record.proof(proof.name, proof.ok, proof.detail)
    _record_latency_and_errors(measured, name, result, None)
    for number, endpoint in _endpoints(result):
        if endpoint.slug:
            _record_latency_and_errors(measured, f"{name}.{endpoint.slug}", result, number)
    grown = growth(_counted(result, seconds), usage) if result.request.profile.id == "P4" else {}
    _record_growth(measured, result, grown)
    found, raised = drift(_counted(result, seconds), usage), _raised(record, result)
    for fact, text in {**observed.facts, **_facts(result, found, raised)}.items():
        record.fact(fact, text)
    findings = {
        "curve": _curve(result),
        "spike": _spike(result, seconds),
        "drift": found,
        "exceptions": dict(raised),
    }
    record.blob("stages", msgspec.json.encode({**stages_of(result), **findings}), "application/json")
    record.blob("slices", observed.raw[0], "application/x-ndjson")
    record.blob("target", observed.raw[1], "application/x-ndjson")


class Chosen:
    """Records measures; of a run that ended early only the one that is lost, for the rest of it was never run."""

    def __init__(self, record: Record, only: str) -> None:
        self._record, self._only = record, only

    def measure(self, name: str, value: float, lower: float | None, upper: float | None, n: int) -> None:
        """One measure with its bounds."""
        if not self._only or name == self._only:
            self._record.measure(name, value, lower=lower, upper=upper, n=n)


def _record_latency_and_errors(record: Chosen, name: str, result: LoadResult, endpoint: int | None) -> None:
    """p99 and error rate with their bounds, of all requests or of one endpoint's."""
    latency = result.response(endpoint).quantile(0.99)
    # Refusals are fast: more than one in a hundred, and the 99th percentile could be the latency of nobody's answer.
    mostly_met = result.unreached(endpoint) <= latency.n / 100
    if latency.value is not None and mostly_met:
        record.measure(f"{name}.p99", latency.value, latency.lower, latency.upper, latency.n)
    failed, finished = result.failed(endpoint)
    rate = proportion(failed, finished)
    if rate is not None:
        in_percent = (rate.value * 100, rate.lower * 100, rate.upper * 100)
        record.measure(f"{name}.errors", *in_percent, rate.n)


def _facts(result: LoadResult, found: Drift, raised: Sequence[tuple[str, int]]) -> dict[str, str]:
    """What is worth knowing about the run itself, where there is anything."""
    facts = {"model": result.request.profile.model, "seed": str(result.request.seed)}
    if raised:
        facts["exceptions"] = "; ".join(f"{text} ({count}x)" for text, count in raised)
    if result.request.profile.id == "P4" and (left_out := found.seconds - found.course):
        facts["left out of the latency's growth"] = (
            f"{left_out} of {found.seconds} seconds: they stood out above the others' course"
        )
    if early := result.ended_early:
        facts["ended early"] = f"{early.why}; nothing else is judged by what was not run"
        return facts
    numbered = dict(_endpoints(result))
    if short := shortfalls(tuple(numbered.values()), lambda index: result.failed([*numbered][index])[1]):
        facts["too few requests"] = "; ".join(short)
    return facts


def _endpoints(result: LoadResult) -> list[tuple[int, Endpoint]]:
    """The endpoints of battery.toml by their numbers in the tally; none of those that a locustfile names itself."""
    numbers = {name: number for number, name in enumerate(result.endpoint_names)}
    return [(numbers[each.name], each) for each in result.request.definition.endpoint if each.name in numbers]


def _raised(record: Record, result: LoadResult) -> list[tuple[str, int]]:
    """What the locustfile raised, in few words: masked before it is cut, for half a secret is not recognised."""
    counts: Counter[str] = Counter()
    for text, count in result.exceptions.items():
        masked = record.masked(text)
        counts[masked if len(masked) <= _SHOWN else f"{masked[:_SHOWN]}…"] += count
    return counts.most_common()


def _record_growth(record: Chosen, result: LoadResult, grown: dict[str, Growth | None]) -> None:
    """What grew over the soak; what was not seen is not recorded, so that no rule can pass on it."""
    for quantity, found in grown.items():
        if found is not None:
            name = f"load.{result.request.profile.id.lower()}.{quantity}.growth"
            record.measure(name, found.value, found.lower, found.upper, found.n)


def _counted(result: LoadResult, seconds: Sequence[Slice]) -> list[Slice]:
    return [item for item in seconds if result.stages[item.stage].counted]


def _curve(result: LoadResult) -> Curve | None:
    """Throughput over users, where the profile is closed."""
    if result.request.profile.model != "closed":
        return None
    points = []
    for index, stage in enumerate(result.stages):
        latency = result.response(stage=index)
        if stage.counted and latency.count:
            points.append(
                Point(
                    users=stage.users,
                    throughput=latency.count / stage.seconds,
                    p50=latency.quantile(0.5).value or 0.0,
                    p99=latency.quantile(0.99).value or 0.0,
                )
            )
    return fit_curve(points)


def _spike(result: LoadResult, seconds: Sequence[Slice]) -> SpikeRecovery | None:
    """Recovery after the stage with the highest rate, where stages stand before and after it."""
    rates = [stage.rate_to if stage.counted else 0.0 for stage in result.stages]
    top = rates.index(max(rates))
    if result.request.profile.model != "open" or rates.count(max(rates)) > 1 or not 0 < top < len(rates) - 1:
        return None
    return spike_recovery(seconds, top - 1, top)


def stages_of(result: LoadResult) -> dict[str, Any]:
    """Ledger and histograms, per stage and endpoint; HdrHistogram blobs in their own base64."""
    return {
        "profile": result.request.profile.id,
        "intensity": result.request.intensity,
        "ledger": {worker or "all": result.tally.ledger(worker) for worker in ("", *result.tally.workers)},
        "lost": result.tally.lost,
        "lag": result.tally.lag.encoded().decode(),
        "cells": [
            {
                "stage": result.stages[stage].name,
                "counted": result.stages[stage].counted,
                "endpoint": result.endpoint_names[endpoint],
                "counts": dict(cell.counts),
                "errors": dict(cell.errors),
                "response": cell.response.encoded().decode(),
                "service": cell.service.encoded().decode(),
            }
            for (stage, endpoint), cell in sorted(result.tally.cells.items())
        ],
    }
