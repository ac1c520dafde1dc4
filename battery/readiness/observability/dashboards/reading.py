"""A dashboard file's bytes as a dashboard."""

import json
from collections.abc import Iterator
from typing import Any

from battery.readiness.coverage.report import shown
from battery.readiness.observability.dashboards.dashboard import Dashboard, DashboardUnreadable, Panel
from battery.readiness.observability.dashboards.origin import foreign_tool, is_grafana

LARGEST = 8 * 2**20
_MOST_PANELS = 1000
_MIXED = ("-- Mixed --", "-- Dashboard --", "-- Grafana --", "grafana")


def read_dashboard(data: bytes, file: str) -> Dashboard:
    """The dashboard, also inside of the envelope of Grafana's API.

    Raises: DashboardUnreadable.
    """
    if len(data) > LARGEST:
        raise DashboardUnreadable(file, f"{len(data)} bytes, at most {LARGEST} are read")
    document = _parsed(data, file)
    if isinstance(document, dict) and isinstance(document.get("dashboard"), dict):
        document = document["dashboard"]
    if not isinstance(document, dict) or not is_grafana(document):
        tool = foreign_tool(document)
        raise DashboardUnreadable(
            file, f"a dashboard of {tool}" if tool else "it has no panels, so no dashboard"
        )
    panels = tuple(_panels(document))
    if len(panels) > _MOST_PANELS:
        raise DashboardUnreadable(file, f"{len(panels)} panels, at most {_MOST_PANELS} are read")
    title = _text(document.get("title"))
    return Dashboard(file=file, title=title, panels=panels, source_variables=tuple(_variables(document)))


def _parsed(data: bytes, file: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DashboardUnreadable(file, f"is not JSON: {shown(str(error))}") from error


def _panels(document: dict[str, Any]) -> Iterator[Panel]:
    """Those on top, those inside of collapsed rows, and those of the rows of old dashboards."""
    for outer in _tables(document.get("panels")):
        yield _panel(outer)
        yield from (_panel(inner) for inner in _tables(outer.get("panels")))
    for row in _tables(document.get("rows")):
        yield from (_panel(inner) for inner in _tables(row.get("panels")))


def _panel(panel: dict[str, Any]) -> Panel:
    targets = [target for target in _tables(panel.get("targets")) if not target.get("hide")]
    sources = [_source(panel.get("datasource")), *(_source(target.get("datasource")) for target in targets)]
    return Panel(
        title=_text(panel.get("title")).strip(),
        kind=_text(panel.get("type")),
        unit=_unit(panel),
        queries=tuple(_text(target.get("expr")) for target in targets if _text(target.get("expr")).strip()),
        source=next((source for source in sources if source and source not in _MIXED), ""),
    )


def _unit(panel: dict[str, Any]) -> str:
    """Where it stands in today's schema, or where it stood in graphs and single figures of old."""
    defaults = _table(_table(panel.get("fieldConfig")).get("defaults"))
    axes = _tables(panel.get("yaxes"))
    old = _text(axes[0].get("format")) if axes else _text(panel.get("format"))
    return _text(defaults.get("unit")) or old


def _source(value: Any) -> str:
    """A name or uid; none for the default one."""
    return _text(value.get("uid")) if isinstance(value, dict) else _text(value)


def _variables(document: dict[str, Any]) -> Iterator[str]:
    for variable in _tables(_table(document.get("templating")).get("list")):
        if variable.get("type") == "datasource":
            yield _text(variable.get("name"))
    for asked in _tables(document.get("__inputs")):  # what Grafana asks for on import
        if asked.get("type") == "datasource":
            yield _text(asked.get("name"))


def _tables(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
