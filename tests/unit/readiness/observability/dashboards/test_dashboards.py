"""Grafana dashboards: read in every shape that Grafana wrote, judged; those of other tools are refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.dashboards.dashboard import Dashboard, DashboardUnreadable
from battery.readiness.observability.dashboards.examination import dashboard_flaws, live_dashboard_flaws
from battery.readiness.observability.dashboards.queries import queries_of
from battery.readiness.observability.dashboards.reading import LARGEST, read_dashboard
from battery.readiness.observability.metrics.reading import read_exposition

ASSETS = Path(__file__).parents[4] / "assets" / "dashboards"
LIVE = read_exposition(
    b"""# TYPE http_requests_total counter
http_requests_total{code="200"} 1
# TYPE http_request_duration_seconds histogram
"""
)


def asset(name: str) -> Dashboard:
    return read_dashboard((ASSETS / f"{name}.json").read_bytes(), f"{name}.json")


def one_panel(**keys: Any) -> Dashboard:
    panel = {"title": "P", "type": "timeseries", "fieldConfig": {"defaults": {"unit": "s"}}, **keys}
    document = {"title": "D", "schemaVersion": 39, "panels": [panel]}
    return read_dashboard(json.dumps(document).encode(), "one.json")


def queried(text: str) -> list[str]:
    (query,) = queries_of(one_panel(targets=[{"expr": text}]))
    assert query.trouble == ""
    return [str(selector) for selector in query.selectors]


def test_a_careful_dashboard_has_no_flaw() -> None:
    assert dashboard_flaws(asset("shop")) == ()
    (flaw,) = live_dashboard_flaws(asset("shop"), LIVE)
    assert (flaw.where, flaw.weight) == ("p99", "warning")


def test_a_careless_one_in_the_shape_of_old_is_told_everything() -> None:
    dashboard = asset("careless")
    assert [(flaw.rule, flaw.where) for flaw in dashboard_flaws(dashboard)] == [
        ("dashboard.title", "careless.json"),
        ("dashboard.title", "panel 1"),
        ("dashboard.unit", "panel 1"),
        ("dashboard.source", "panel 1"),
        ("dashboard.query", "Nothing"),
        ("dashboard.query", "untitled"),
    ]
    (flaw,) = live_dashboard_flaws(dashboard, LIVE)
    assert (flaw.rule, flaw.where, flaw.weight) == ("dashboard.absent", "Gone", "error")


@pytest.mark.parametrize(
    ("name", "tool"),
    [("datadog", "Datadog"), ("kibana", "Kibana"), ("perses", "Perses"), ("cloudwatch", "CloudWatch")],
)
def test_a_dashboard_of_another_tool_is_refused_by_name(name: str, tool: str) -> None:
    with pytest.raises(DashboardUnreadable, match=f"{name}.json: a dashboard of {tool}"):
        asset(name)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is not JSON"),
        (b"[1]", "no panels"),
        (b'{"title": "x"}', "no panels"),
        (b"[" * 100_000, "is not JSON"),
        (b" " * (LARGEST + 1), "at most"),
        (json.dumps({"title": "x", "panels": [{}] * 1001}).encode(), "1001 panels"),
    ],
)
def test_what_is_no_dashboard_is_refused_with_a_reason(data: bytes, problem: str) -> None:
    with pytest.raises(DashboardUnreadable, match=problem):
        read_dashboard(data, "x.json")


def test_a_dashboard_that_shows_nothing_is_told() -> None:
    flaws = dashboard_flaws(one_panel(type="text"))
    assert [flaw.rule for flaw in flaws] == ["dashboard.empty"]


@pytest.mark.parametrize(
    ("source", "asked", "flawed"),
    [
        ("${ds}", True, False),
        ("$ds", True, False),
        ("$ds", False, True),
        ("P1809F7CD0C75ACF3", True, True),
        ("-- Mixed --", True, False),
        (None, True, False),
    ],
)
def test_a_data_source_is_a_variable_or_the_default(source: str | None, asked: bool, flawed: bool) -> None:
    panel: dict[str, Any] = {
        "title": "P",
        "type": "stat",
        "datasource": source,
        "fieldConfig": {"defaults": {"unit": "s"}},
    }
    panel["targets"] = [{"expr": "up"}]
    document = {"title": "D", "panels": [panel], "__inputs": [{"name": "ds", "type": "datasource"}] * asked}
    flaws = dashboard_flaws(read_dashboard(json.dumps(document).encode(), "x"))
    assert [flaw.rule for flaw in flaws] == ["dashboard.source"] * flawed


@pytest.mark.parametrize(
    ("text", "selectors"),
    [
        (
            'sum by ($group) (rate(a_total{job="$job",code=~"${code:regex}",x="y"}[$__rate_interval]))',
            ['a_total{x="y"}'],
        ),
        ("a > $limit", ["a"]),
        ("a / $__range_s", ["a"]),
        ("rate(a[${__interval}:1m] offset $off)", ["a"]),
        ("topk([[n]], a)", ["a"]),
        ("rate(${metric}_total[5m])", []),
        ('$metric{x="y"} + b', ["b"]),
    ],
)
def test_grafanas_variables_stand_for_anything(text: str, selectors: list[str]) -> None:
    assert queried(text) == selectors


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "panels",
                        "title",
                        "targets",
                        "datasource",
                        "expr",
                        "rows",
                        "type",
                        "fieldConfig",
                        "templating",
                        "list",
                        "yaxes",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_is_a_dashboard_or_refused(value: Any) -> None:
    try:
        dashboard = read_dashboard(json.dumps(value).encode(), "x.json")
    except DashboardUnreadable:
        return
    assert isinstance(dashboard_flaws(dashboard), tuple)
