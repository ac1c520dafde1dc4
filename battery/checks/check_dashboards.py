"""Dashboards: they load in any Grafana, their panels say what they show, and ask for what exists."""

from collections.abc import Callable

import httpx
import pytest

from battery.checks.named_sources import JSON, YAML, named_sources
from battery.checks.target_metrics import live_series
from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.readiness.observability.dashboards.dashboard import Dashboard, DashboardUnreadable
from battery.readiness.observability.dashboards.examination import dashboard_flaws, live_dashboard_flaws
from battery.readiness.observability.dashboards.reading import read_dashboard
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.report import record_flaws
from battery.readiness.observability.rules.loading import load_rules
from battery.recording import Record


@pytest.mark.gate("G6")
@pytest.mark.instrument("readiness")
@pytest.mark.measures("observability.dashboards.defects")
@pytest.mark.limit("5 min")
def check_files(
    http: httpx.Client,
    plan: Plan,
    target: Definition,
    record: Record,
    earlier: Callable[[str], Evidence | None],
) -> None:
    """Dashboards load, and their panels have titles, units and queries on series that exist."""
    table = target.observability
    paths = named_sources(plan, "dashboards", table.dashboards, JSON)
    require_answering_target(target, earlier)
    exposition = live_series(http, target)
    rules = load_rules(named_sources(plan, "rules", table.rules, YAML)).files if table.rules else ()
    recorded = frozenset(name for file in rules for name in file.recorded)
    flaws: list[Flaw] = []
    read: list[Dashboard] = []
    for path in paths:
        try:
            read.append(read_dashboard(path.read_bytes(), path.name))
        except (DashboardUnreadable, OSError) as error:
            text = str(error).removeprefix(f"{path.name}: ")
            flaws.append(Flaw(rule="dashboard.unreadable", where=path.name, text=text))
    for dashboard in read:
        flaws += [*dashboard_flaws(dashboard), *live_dashboard_flaws(dashboard, exposition, recorded)]
    panels = sum(panel.draws for dashboard in read for panel in dashboard.panels)
    told = f"{panels} panels in {', '.join(path.name for path in paths)}"
    record_flaws(record, "observability.dashboards.defects", flaws, looked=len(paths), at=told)
