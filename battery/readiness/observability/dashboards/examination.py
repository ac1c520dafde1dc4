"""What is wrong with a dashboard, by itself and beside a live target."""

from collections.abc import Collection, Iterator

from battery.readiness.observability.dashboards.dashboard import Dashboard, Panel
from battery.readiness.observability.dashboards.queries import queries_of
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.promql.presence import State, presence_of

_WITHOUT_UNIT = ("table", "logs", "nodeGraph", "traces", "flamegraph", "geomap", "canvas")


def dashboard_flaws(dashboard: Dashboard) -> tuple[Flaw, ...]:
    """Data source, titles, units, queries."""
    return tuple(_flaws(dashboard))


def live_dashboard_flaws(
    dashboard: Dashboard, exposition: Exposition, recorded: Collection[str] = ()
) -> tuple[Flaw, ...]:
    """Series that panels ask for and the target does not have."""
    return tuple(_live(dashboard, exposition, recorded))


def _flaws(dashboard: Dashboard) -> Iterator[Flaw]:
    drawing = [panel for panel in dashboard.panels if panel.draws]
    if not dashboard.title.strip():
        yield Flaw(rule="dashboard.title", where=dashboard.file, text="the dashboard has no title")
    if not drawing:
        yield Flaw(rule="dashboard.empty", where=dashboard.file, text="no panel shows any data")
    for number, panel in enumerate(drawing, 1):
        yield from _of_panel(panel, panel.title or f"panel {number}", dashboard)
    for query in queries_of(dashboard):
        if query.trouble:
            yield Flaw(rule="dashboard.query", where=query.panel, text=query.trouble)


def _of_panel(panel: Panel, where: str, dashboard: Dashboard) -> Iterator[Flaw]:
    if not panel.title:
        yield Flaw(rule="dashboard.title", where=where, text="the panel has no title")
    if not panel.queries:
        yield Flaw(rule="dashboard.query", where=where, text="the panel asks for nothing in PromQL")
    if not panel.unit and panel.kind not in _WITHOUT_UNIT:
        text = (
            "the panel has no unit: say whether it shows seconds, bytes, a ratio; `none` where there is none"
        )
        yield Flaw(rule="dashboard.unit", where=where, text=text)
    if panel.source and not _is_variable(panel.source, dashboard):
        text = f'the panel names the data source "{panel.source}": it shows nothing in any other Grafana; use a variable'
        yield Flaw(rule="dashboard.source", where=where, text=text)


def _is_variable(source: str, dashboard: Dashboard) -> bool:
    name = source.strip("${}[]")
    return source.startswith(("$", "[[")) and name in dashboard.source_variables


def _live(dashboard: Dashboard, exposition: Exposition, recorded: Collection[str]) -> Iterator[Flaw]:
    for query in queries_of(dashboard):
        for found in presence_of(query.selectors, exposition, recorded):
            text = f"{found.selector}: {found.why}"
            if found.state is State.ABSENT:
                yield Flaw(rule="dashboard.absent", where=query.panel, text=text)
            elif found.state is State.UNINITIALISED:
                yield Flaw(rule="dashboard.uninitialised", where=query.panel, text=text, weight="warning")
