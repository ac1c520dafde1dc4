"""The rules of objectives: one recording rule a window, one alert a burn rate."""

from collections.abc import Iterable
from typing import Any

from battery.readiness.observability.slo.burn_rates import BURN_RATES, WINDOWS, BurnRate
from battery.readiness.observability.slo.error_ratio import error_ratio, recorded_name
from battery.readiness.observability.slo.objective import Objective

_HEAD = """\
# Written by `battery slo`: edit the objectives, not this file.
"""


def rules_yaml(objectives: Iterable[Objective]) -> str:
    """A rule file for Prometheus."""
    import yaml

    groups = [group for objective in objectives for group in _groups(objective)]
    return _HEAD + yaml.safe_dump({"groups": groups}, sort_keys=False, allow_unicode=True, width=120)


def _groups(objective: Objective) -> list[dict[str, Any]]:
    recordings = [_recording(objective, window) for window in WINDOWS]
    alerts = [_alert(objective, rate) for rate in BURN_RATES]
    return [
        {"name": f"slo.{objective.name}.recording", "rules": recordings},
        {"name": f"slo.{objective.name}.alerts", "rules": alerts},
    ]


def _recording(objective: Objective, window: str) -> dict[str, Any]:
    return {
        "record": recorded_name(window),
        "expr": error_ratio(objective, window),
        "labels": {"slo": objective.name},
    }


def _alert(objective: Objective, rate: BurnRate) -> dict[str, Any]:
    limit = f"{rate.factor * objective.budget:.12g}"
    conditions = [
        f'{recorded_name(window)}{{slo="{objective.name}"}} > {limit}' for window in (rate.long, rate.short)
    ]
    return {
        "alert": alert_name(objective, rate),
        "expr": " and ".join(conditions),
        "for": rate.hold,
        "labels": {"severity": rate.severity, "slo": objective.name},
        "annotations": {
            "summary": f"{objective.name}: the error budget goes {rate.factor:g} times too fast",
            "description": f"{_promise(objective)}; over the last {rate.long} {{{{ $value | humanizePercentage }}}} were bad.",
            "runbook_url": objective.runbook_url,
        },
    }


def alert_name(objective: Objective, rate: BurnRate) -> str:
    """ "CheckoutBudgetBurn1h" for the objective checkout."""
    camel = "".join(word.capitalize() for word in objective.name.split("_"))
    return f"{camel}BudgetBurn{rate.long}"


def _promise(objective: Objective) -> str:
    """Its target in words; per cent signs mean nothing to templates."""
    share = f"{objective.target:g} % of requests in {objective.window}"
    if objective.kind == "latency":
        return f"{share} shall take at most {objective.seconds:g} s"
    return f"{share} shall succeed"
