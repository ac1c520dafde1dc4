"""The metrics checks against a shop whose metrics are true, and against shops whose metrics are not."""

from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.observability import Observability, TruthTest
from battery.model.target import Endpoint, Target
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, measures, note, run_g6, verdicts
from tests.fakes.observed_target import shop

EXPOSITION, TRUTH = "metrics.exposition", "metrics.truth"
COUNTER, HISTOGRAM = "observability.counter.difference", "observability.histogram.difference"
WORK = (Endpoint(name="work", path="/work"), Endpoint(name="status", path="/health/status"))


def look(
    tmp_path: Path, check: str, *lies: str, truth: TruthTest | None = None, path: str | None = "/metrics"
) -> Ran:
    with shop(*lies) as served:
        definition = Definition(
            target=Target(url=served.url, live="/health/live", metrics=path),
            endpoint=WORK,
            observability=Observability(truth=truth or TruthTest()),
        )
        return run_g6(tmp_path, definition, check)


def test_true_metrics_have_no_defect_in_either_format(tmp_path: Path) -> None:
    ran = look(tmp_path, EXPOSITION)
    assert errors(ran, EXPOSITION) == []
    assert ran.evidence[EXPOSITION].facts["OpenMetrics"] == "offered"
    assert verdicts(ran)["observability.metrics.defects"].status == "pass"
    assert verdicts(ran)["observability.metrics.series"].status == "pass"


@pytest.mark.parametrize(
    ("lie", "says"),
    [
        ("malformed", "expected Prometheus text format or OpenMetrics"),
        ("huge", "16777217 bytes, at most 16777216 are read"),
        ("frozen", "no count grew over 10 requests"),
        ("counterless", "nothing tells the request rate"),
    ],
)
def test_metrics_that_are_no_use_are_defects(tmp_path: Path, lie: str, says: str) -> None:
    ran = look(tmp_path, EXPOSITION, lie)
    assert any(says in text for text in errors(ran, EXPOSITION)), errors(ran, EXPOSITION)
    assert verdicts(ran)["observability.metrics.defects"].status == "fail"


def test_a_metrics_path_that_is_not_there_is_a_defect(tmp_path: Path) -> None:
    ran = look(tmp_path, EXPOSITION, path="/nowhere")
    assert "the metrics path answers HTTP 404" in errors(ran, EXPOSITION)[0]


@pytest.mark.parametrize("check", [EXPOSITION, TRUTH])
def test_without_a_metrics_path_it_is_undecided(tmp_path: Path, check: str) -> None:
    ran = look(tmp_path, check, path=None)
    assert "name their path as [target] metrics" in ran.evidence[check].reason


def test_an_exact_count_agrees_with_the_ledger(tmp_path: Path) -> None:
    ran = look(tmp_path, TRUTH)
    assert measures(ran, TRUTH)["counter.difference"] <= 0.1
    assert {verdicts(ran)[rule].status for rule in (COUNTER, HISTOGRAM)} == {"pass"}
    assert "http_requests_total grew by" in note(ran, TRUTH, "counter.difference")
    assert "3000 requests: " in ran.evidence[TRUTH].facts["ledger"]


def test_a_count_that_misses_one_request_in_fifty_is_caught(tmp_path: Path) -> None:
    ran = look(tmp_path, TRUTH, "misses")
    assert measures(ran, TRUTH)["counter.difference"] == pytest.approx(2.0, abs=0.2)
    assert {verdicts(ran)[rule].status for rule in (COUNTER, HISTOGRAM)} == {"fail"}


def test_a_count_that_never_moves_is_all_wrong(tmp_path: Path) -> None:
    ran = look(tmp_path, TRUTH, "frozen")
    assert measures(ran, TRUTH) == {"counter.difference": 100, "histogram.difference": 100}


def test_a_target_that_counts_nothing_is_undecided_and_told_how_to_name_its_count(tmp_path: Path) -> None:
    ran = look(tmp_path, TRUTH, "counterless")
    item = ran.evidence[TRUTH]
    assert item.status == "skipped"
    assert "the target exposes no such count" in item.reason
    assert "[observability.truth] counter and histogram" in item.reason


def test_counts_and_endpoints_that_battery_toml_names_are_taken(tmp_path: Path) -> None:
    named = TruthTest(counter='http_requests_total{status="200"}', endpoints=("work",))
    ran = look(tmp_path, TRUTH, truth=named)
    assert "battery.toml names it" in note(ran, TRUTH, "counter.difference")
    assert ran.evidence[TRUTH].facts["ledger"] == "3000 requests: work 200 x 3000"


def test_metrics_that_do_not_parse_leave_the_truth_undecided(tmp_path: Path) -> None:
    assert "expected Prometheus text" in look(tmp_path, TRUTH, "malformed").evidence[TRUTH].reason
