import io
import os
import termios
from collections.abc import Mapping

import pytest

from battery.model.run import Run
from battery.report.console import render_console


def shown(run: Run, width: int | None = 120, *, colour: bool = False) -> str:
    stream = io.StringIO()
    render_console(run, stream, colour=colour, width=width)
    return stream.getvalue()


def test_a_failure_shows_what_a_person_needs_at_two_in_the_morning(runs: Mapping[str, Run]) -> None:
    text = shown(runs["failing"])
    for part in (
        "FAILED: 3 gates failed, 2 gates undecided, 3 gates passed",
        "✗ load.p3.p99",
        "value      1240 ms (upper bound), n = 5000",
        "limit      upper bound <= 800 ms",
        "evidence   artifacts/20260301-020000-4f2a91/evidence/tail-latency.all.json",
        "next step  Open the histogram",
        "identity  4f2a91c (the same before and after)",
        "not bronze: G2 fail, G5 fail",
        "certificate  artifacts/20260301-020000-4f2a91/certificate.json",
    ):
        assert part in text


def test_the_verify_command_is_one_line_to_copy(runs: Mapping[str, Run]) -> None:
    run = runs["passing"]
    assert f"verify       {run.verify_command}" in shown(run, 60).splitlines()


def test_gates_that_nothing_measures_do_not_flood_the_screen(runs: Mapping[str, Run]) -> None:
    text = shown(runs["undecided"])
    assert "not measured: G2, G3, G4, G5, G8" in text
    assert text.count("next step") == 1
    assert len(text.splitlines()) < 40


def test_rules_with_one_reason_take_one_item(runs: Mapping[str, Run]) -> None:
    text = shown(runs["interrupted"], 400)
    assert (
        "? 5 rules: not enough samples: n = 20, the rule needs 299; "
        "measure: load.p1.errors, load.p2.errors, load.p3.errors and 2 more; value: none, n = 20; "
        "limit: upper bound < 1 %; evidence: artifacts/20260301-020000-4f2a91/evidence/errors.all.json; "
        "next step: collect more samples"
    ) in text


@pytest.mark.parametrize("name", ["baseline", "failing baseline", "hostile baseline"])
@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("colour", [True, False])
def test_every_line_of_a_baseline_run_says_baseline(
    runs: Mapping[str, Run], name: str, width: int, colour: bool
) -> None:
    lines = shown(runs[name], width, colour=colour).splitlines()
    assert lines
    assert all(line.startswith("BASELINE") for line in lines)


def test_a_real_run_never_says_baseline(runs: Mapping[str, Run]) -> None:
    assert "BASELINE" not in shown(runs["failing"])


@pytest.mark.parametrize(
    "name", ["passing", "failing", "undecided", "waived", "hostile", "baseline", "empty"]
)
@pytest.mark.parametrize("width", [80, 120])
def test_lines_fit_the_terminal_but_for_the_command(runs: Mapping[str, Run], name: str, width: int) -> None:
    lines = [line for line in shown(runs[name], width).splitlines() if "verify  " not in line]
    assert max(map(len, lines)) <= width


def test_waivers_and_loosened_rules_are_named(runs: Mapping[str, Run]) -> None:
    text = shown(runs["waived"], 200)
    assert "- applied: G2:load.p3.p99, ada, until 2026-03-31" in text
    assert "- unused: G8:docs.links.dead" in text
    assert "! 1 rule is looser than shipped: this run lets more through" in text
    assert "G1:coverage.line LOOSENED: coverage.line >= 60 % instead of coverage.line >= 90 %" in text


def test_an_expired_waiver_explains_a_failure_without_a_failed_gate(runs: Mapping[str, Run]) -> None:
    assert "FAILED: 1 waiver expired, 8 gates passed" in shown(runs["expired"])


def test_an_empty_run_says_that_nothing_was_judged(runs: Mapping[str, Run]) -> None:
    text = shown(runs["empty"])
    assert "UNDECIDED: no gate was judged" in text
    assert "none was written" in text
    assert "verify" not in text


def test_no_escape_reaches_the_terminal_without_colour(runs: Mapping[str, Run]) -> None:
    for run in runs.values():
        assert not any(character in shown(run) for character in "\x1b\x00\u202e\udc80")


def test_colour_marks_the_result(runs: Mapping[str, Run]) -> None:
    assert "\x1b[1;31mFAILED" in shown(runs["failing"], colour=True)


def test_an_ascii_stream_gets_plain_ascii(runs: Mapping[str, Run]) -> None:
    for run in runs.values():
        data = io.BytesIO()
        stream = io.TextIOWrapper(data, encoding="ascii", newline="\n")
        render_console(run, stream, colour=False, width=80)
        assert data.getvalue().isascii()


def test_the_width_is_the_terminal_s_own(runs: Mapping[str, Run]) -> None:
    parent, child = os.openpty()
    termios.tcsetwinsize(child, (24, 50))
    with os.fdopen(child, "w") as stream, os.fdopen(parent) as screen:
        render_console(runs["empty"], stream, colour=False)
        stream.write("the end\n")
        stream.flush()
        lines = list(iter(screen.readline, "the end\n"))
    assert max(map(len, lines)) in range(40, 52)


def test_without_a_terminal_lines_are_a_hundred_wide(runs: Mapping[str, Run]) -> None:
    assert shown(runs["failing"], None) == shown(runs["failing"], 100)
