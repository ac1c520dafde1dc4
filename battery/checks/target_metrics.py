"""The target's metrics as another check needs them: to see whether series exist that rules and dashboards name."""

import os

import httpx
import pytest

from battery.model.definition import Definition
from battery.readiness.observability.metrics.exposition import Exposition, ExpositionUnreadable
from battery.readiness.observability.metrics.scrape import scrape
from battery.readiness.observability.sending import Sender, harmless

NO_METRICS = "no metrics: name their path as [target] metrics in battery.toml"


def metrics_path(target: Definition) -> str:
    """The path; the check is skipped where battery.toml names none."""
    if not target.target.metrics:
        pytest.skip(NO_METRICS)
    return target.target.metrics


def live_series(http: httpx.Client, target: Definition) -> Exposition:
    """What the target exposes once each endpoint was asked; the check is skipped where that cannot be read.

    Many a library shows a series only after its first event: a target that was just started would lack most of them.
    """
    path, sender = metrics_path(target), Sender(http, os.environ)
    for endpoint in harmless(target):
        sender.send(endpoint)
    try:
        return scrape(http, path).read()
    except ExpositionUnreadable as error:
        pytest.skip(f"which series exist cannot be told: {error}")
