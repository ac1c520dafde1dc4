"""The dashboard check on files of a test, beside a live shop."""

import json
from pathlib import Path
from typing import Any

import pytest

from battery.model.definition import Definition
from battery.model.observability import Observability
from battery.model.target import Source, Target
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, run_g6, verdicts
from tests.fakes.observed_target import shop

CHECK, RULE = "dashboards.files", "observability.dashboards.defects"
RECORDED = "groups: [{name: g, rules: [{record: 'shop:rate', expr: 'rate(http_requests_total[5m])'}]}]"


def dashboard(**panel: Any) -> str:
    whole = {
        "title": "Requests",
        "type": "timeseries",
        "datasource": {"uid": "${source}"},
        "fieldConfig": {"defaults": {"unit": "reqps"}},
        "targets": [{"expr": "sum(rate(http_requests_total[$__rate_interval]))"}, {"expr": "shop:rate"}],
    }
    variables = {"list": [{"name": "source", "type": "datasource"}]}
    return json.dumps(
        {"title": "Shop", "schemaVersion": 39, "templating": variables, "panels": [whole | panel]}
    )


def look(tmp_path: Path, text: str, *, metrics: str = "/metrics", named: tuple[str, ...] = ("d",)) -> Ran:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "shop.json").write_text(text)
    (tmp_path / "rules.yml").write_text(RECORDED)
    with shop() as served:
        definition = Definition(
            target=Target(url=served.url, live="/health/live", metrics=metrics),
            source=Source(path=str(tmp_path)),
            observability=Observability(dashboards=named, rules=("rules.yml",)),
        )
        return run_g6(tmp_path / "run", definition, CHECK)


def test_a_dashboard_that_asks_for_what_exists_has_no_defect(tmp_path: Path) -> None:
    ran = look(tmp_path, dashboard())
    assert errors(ran, CHECK) == []
    assert ran.evidence[CHECK].facts["looked at"] == "1 panels in shop.json"
    assert verdicts(ran)[RULE].status == "pass"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (dashboard(title=""), "the panel has no title"),
        (dashboard(fieldConfig={}), "the panel has no unit"),
        (dashboard(datasource={"uid": "P1809F7CD0C75ACF3"}), "use a variable"),
        (dashboard(targets=[{"expr": "sum(("}]), "sum(("),
        (dashboard(targets=[{"expr": "no_such_series"}]), "the target has no such metric"),
        ("{", "is not JSON"),
        ('{"widgets": [], "layout_type": "ordered"}', "a dashboard of Datadog"),
    ],
)
def test_each_thing_that_breaks_a_panel_is_a_defect(tmp_path: Path, text: str, says: str) -> None:
    ran = look(tmp_path, text)
    assert any(says in error for error in errors(ran, CHECK)), errors(ran, CHECK)
    assert verdicts(ran)[RULE].status == "fail"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"named": ()}, '[observability.not_applicable] dashboards = "why"'),
        ({"named": ("other",)}, "other in battery.toml fits no file"),
        ({"metrics": "/nowhere"}, "which series exist cannot be told"),
    ],
)
def test_what_is_absent_leaves_it_undecided(tmp_path: Path, given: dict[str, Any], says: str) -> None:
    ran = look(tmp_path, dashboard(), **given)
    assert says in ran.evidence[CHECK].reason
    assert verdicts(ran)[RULE].status == "undecided"
