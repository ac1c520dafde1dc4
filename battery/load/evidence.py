"""What a profile's run leaves: measures with bounds, facts, and blobs from which each number can be recomputed."""

from typing import Any

import msgspec

from battery.load.instrument import LoadResult
from battery.recording import Record
from battery.statistics import proportion


def record_result(record: Record, result: LoadResult, slices: bytes) -> None:
    """Measures, proofs and blobs of one profile."""
    name = f"load.{result.request.profile.id.lower()}"
    for proof in result.proofs:
        record.proof(proof.name, proof.ok, proof.detail)
    latency = result.response().quantile(0.99)
    if latency.value is not None:
        record.measure(f"{name}.p99", latency.value, lower=latency.lower, upper=latency.upper, n=latency.n)
    failed, finished = result.failed()
    rate = proportion(failed, finished)
    if rate is not None:
        record.measure(
            f"{name}.errors", rate.value * 100, lower=rate.lower * 100, upper=rate.upper * 100, n=rate.n
        )
    record.fact("model", result.request.profile.model)
    record.fact("seed", str(result.request.seed))
    record.blob("stages", msgspec.json.encode(stages_of(result)), "application/json")
    record.blob("slices", slices, "application/x-ndjson")


def stages_of(result: LoadResult) -> dict[str, Any]:
    """Ledger and histograms, per stage and endpoint; HdrHistogram blobs in their own base64."""
    return {
        "profile": result.request.profile.id,
        "intensity": result.request.intensity,
        "ledger": {worker or "all": result.tally.ledger(worker) for worker in ("", *result.tally.workers)},
        "lost": result.lost,
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
