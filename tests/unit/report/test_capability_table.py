"""The capability matrix in the reports, and on the certificate: the same rows everywhere."""

import io
from collections.abc import Callable

import msgspec
import pytest

from battery.certificate.statement import capabilities
from battery.model.evidence import Evidence
from battery.model.frozen import Frozen
from battery.model.run import Run
from battery.readiness.capabilities.degradation import DegradationFacts
from battery.readiness.capabilities.recorded import FACT, spelled
from battery.readiness.capabilities.restart import RestartFacts
from battery.report.capability_table import capability_sentence, capability_texts
from battery.report.console import render_console
from battery.report.html import html_report
from battery.report.markdown import markdown_summary
from tests.fakes.plans import NOW

BACK = RestartFacts(killed=True, back_by_itself=True, seconds=1.0, restarts_before=0, restarts_after=1)
HOSTILE = "<b>|`x`\x1b[31m"


def observed(name: str, facts: Frozen) -> Evidence:
    return Evidence(
        check=f"capabilities.{name}",
        mode="real",
        plan="p",
        gates=("G6",),
        status="measured",
        started=NOW,
        seconds=1.0,
        facts={FACT: spelled(facts)},
    )


@pytest.fixture
def run(make_run: Callable[..., Run]) -> Run:
    """A run that looked at two capabilities, one of which speaks in tongues."""
    hostile = DegradationFacts(level_at_rest="full", level_under_pressure=HOSTILE, level_after="full")
    plain = make_run()
    seen = (observed("restart", BACK), observed("degradation", hostile))
    return msgspec.structs.replace(plain, evidence=(*plain.evidence, *seen))


def console(run: Run, width: int = 200) -> str:
    page = io.StringIO()
    render_console(run, page, colour=False, width=width)
    return page.getvalue()


def test_each_capability_is_a_row_with_its_status_and_reasons(run: Run) -> None:
    rows = capability_texts(run)
    assert capability_sentence(rows) == "1 of 8 capabilities complete"
    assert [(row.title, row.status, row.badge) for row in rows][:3] == [
        ("Health monitoring", "MISSING", "fail"),
        ("Auto-restart", "COMPLETE", "pass"),
        ("Graceful degradation", "PARTIAL", "undecided"),
    ]
    assert rows[1].reason == "every aspect was seen to hold"


def test_console_html_and_markdown_show_the_matrix(run: Run) -> None:
    for text in (console(run), html_report(run), markdown_summary(run)):
        assert "1 of 8 capabilities complete" in text
        assert "Queue and orchestration" in text
        for status in ("COMPLETE", "PARTIAL", "MISSING"):
            assert status in text


def test_what_a_target_says_stays_text(run: Run) -> None:
    assert "<b>" not in html_report(run)
    assert "<b>" not in markdown_summary(run)
    for text in (console(run), html_report(run), markdown_summary(run)):
        assert "\x1b" not in text


def test_the_certificate_states_the_same_rows(run: Run) -> None:
    stated = [(row.title, row.status, row.reasons) for row in capabilities(run.evidence)]
    assert stated == [(row.title, row.status, row.reasons) for row in capability_texts(run)]


def test_a_run_that_looked_at_none_shows_none(make_run: Callable[..., Run]) -> None:
    run = make_run()
    assert capability_texts(run) == ()
    assert capabilities(run.evidence) == ()
    for text in (console(run), html_report(run), markdown_summary(run)):
        assert "capabilities complete" not in text
    assert 'id="capabilities"' not in html_report(run)


def test_the_summary_stays_within_its_bounds(run: Run) -> None:
    assert len(markdown_summary(run).encode()) < 64 * 1024
