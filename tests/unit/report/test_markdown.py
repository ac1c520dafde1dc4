import re
from collections.abc import Callable, Mapping

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.model.run import Run
from battery.report.markdown import code, escaped, markdown_summary


def test_the_result_stands_first(runs: Mapping[str, Run]) -> None:
    assert markdown_summary(runs["failing"]).startswith(
        "# ❌ FAILED: 3 gates failed, 2 gates undecided, 3 gates passed\n"
    )
    assert markdown_summary(runs["passing"]).startswith("# ✅ PASSED")
    assert markdown_summary(runs["empty"]).startswith("# ❓ UNDECIDED: no gate was judged")


def test_a_failure_names_its_parts(runs: Mapping[str, Run]) -> None:
    text = markdown_summary(runs["failing"])
    for part in (
        "  - measure: load.p3.p99",
        "  - value: 1240 ms (upper bound), n = 5000",
        "  - limit: upper bound &lt;= 800 ms",
        "  - evidence: evidence/tail-latency.all.json",
        "  - next step: Open the histogram",
    ):
        assert part in text


def test_it_says_how_to_verify(runs: Mapping[str, Run]) -> None:
    assert f"`{runs['passing'].verify_command}`" in markdown_summary(runs["passing"])
    assert "none was written" in markdown_summary(runs["empty"])


def test_waivers_and_loosened_rules_are_named(runs: Mapping[str, Run]) -> None:
    text = markdown_summary(runs["waived"])
    assert "| applied | G2:load.p3.p99 | ada |" in text
    assert "**1 rule is looser than shipped" in text


@pytest.mark.parametrize("name", ["baseline", "failing baseline", "hostile baseline"])
def test_every_line_of_a_baseline_run_says_baseline(runs: Mapping[str, Run], name: str) -> None:
    for line in markdown_summary(runs[name]).splitlines():
        assert "BASELINE" in line or not line or set(line) <= set("|- ")


def test_a_flood_of_failures_still_fits_a_job_summary(make_hostile: Callable[..., Run]) -> None:
    run = make_hostile("|<>\u202e" * 1000)
    gates = tuple(msgspec.structs.replace(gate, status="fail") for gate in run.judgement.gates * 50)
    judged = msgspec.structs.replace(run.judgement, gates=gates, waivers=run.judgement.waivers * 100)
    text = markdown_summary(msgspec.structs.replace(run, judgement=judged))
    assert len(text.encode()) < 64 * 1024
    assert "More than fits here" in text
    assert "Verify" in text


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_keeps_tables_whole_and_html_out(make_hostile: Callable[..., Run], text: str) -> None:
    summary = markdown_summary(make_hostile(text))
    assert len(summary.encode()) < 64 * 1024
    for line in summary.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (4, 6)
        outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line)
        assert "<" not in outside_code


def test_active_characters_are_escaped() -> None:
    assert escaped("a|b `c` <i> @me #1 https://x $y$ [z](w) \\") == (
        "a\\|b \\`c\\` &lt;i&gt; &#64;me \\#1 https&#58;//x &#36;y&#36; \\[z\\](w) \\\\"
    )


def test_code_is_fenced_by_more_backticks_than_it_holds() -> None:
    assert code("plain") == "`plain`"
    assert code("a ``b`` c") == "``` a ``b`` c ```"
