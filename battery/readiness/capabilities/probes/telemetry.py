"""Telemetry: the target's own metrics, and what the checks of rules and dashboards recorded before."""

from battery.model.measure import Measurement
from battery.readiness.capabilities.capability import Known
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.earlier import Earlier, recorded
from battery.readiness.capabilities.telemetry import TelemetryFacts, own_metrics


def probe_telemetry(asker: Asker, earlier: Earlier) -> TelemetryFacts:
    """Look at the metrics; rules and dashboards were looked at already."""
    exposition = asker.exposition()
    alerts, boards = recorded(earlier, "alerts"), recorded(earlier, "dashboards")
    return TelemetryFacts(
        own_metrics=own_metrics(tuple(family.name for family in exposition.families)) if exposition else None,
        alert_rules=alerts.n if alerts else None,
        rules_sound=_sound(alerts),
        dashboards=boards.n if boards else None,
        dashboards_sound=_sound(boards),
    )


def _sound(measurement: Measurement | None) -> Known:
    return None if measurement is None else measurement.value == 0
