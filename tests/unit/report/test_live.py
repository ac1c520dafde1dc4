import io
import re
from collections.abc import Callable

import pytest

from battery.model.event import AnyEvent, CheckProgress
from battery.report.live import LiveProgress

Tell = Callable[..., list[AnyEvent]]
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def raw(
    events: list[AnyEvent], *, colour: bool = False, width: int = 120, stream: io.StringIO | None = None
) -> str:
    stream = stream or io.StringIO()
    renderer = LiveProgress(stream, colour=colour, width=width)
    for event in events:
        renderer(event)
    renderer.close()
    renderer.close()
    return stream.getvalue()


def lines(text: str) -> list[str]:
    """Every line that was ever on the screen."""
    return [line.strip() for line in re.split(r"[\r\n]+", CONTROL.sub("", text)) if line.strip()]


def test_finished_checks_and_gates_stay_as_lines(tell: Tell) -> None:
    shown = lines(raw(tell()))
    assert "run r1: 4 checks, 1 kept from before; http://127.0.0.1:8000" in shown
    assert (
        "✓ load.p1 measured in 19.9 s: load.p1.p99 = 320.5, load.p1.errors = 0.2, a.c = 1 and 1 more" in shown
    )
    assert "? docs skipped in 100 ms: stage steady" in shown
    assert "✗ boom errored in 100 ms: stage steady" in shown
    assert "✗ gate G2 tail latency: fail: 1240 ms is not within 800 ms" in shown
    assert "✓ gate G3 errors: pass" in shown
    assert shown[-1] == "✗ FAILED, level none, no certificate"


def test_the_bar_counts_checks_and_the_running_one_shows_its_progress(tell: Tell) -> None:
    events = tell()
    text = " ".join(lines(raw(events[:4]) + raw(events[:7])))
    assert "1/4" in text
    assert "2/4" in text
    assert "50% stage steady" in text
    assert "left" in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_line_of_a_baseline_run_says_baseline(tell: Tell, width: int) -> None:
    shown = lines(raw(tell("baseline", text="w " * 200), width=width))
    assert shown
    assert all(line.startswith("BASELINE") for line in shown)


def test_hostile_text_moves_no_cursor_and_marks_up_nothing(tell: Tell) -> None:
    text = raw(tell(text="\x1b[2J[red]x[/red]\n"))
    assert "\x1b[2J" not in text
    assert "[red]x[/red]" in text


def test_no_colour_means_none(tell: Tell) -> None:
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", raw(tell()))


def test_an_ascii_terminal_gets_ascii(tell: Tell) -> None:
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding="ascii", newline="\n")
    renderer = LiveProgress(stream, width=80)
    for event in tell(text="…é"):
        renderer(event)
    stream.flush()
    assert "x boom errored in 100 ms: ...\\xe9" in lines(data.getvalue().decode("ascii"))


def test_progress_of_no_running_check_shows_nothing() -> None:
    assert "lost" not in raw([CheckProgress(at=1.0, check="c", fraction=0.5, text="lost")])


def test_a_check_without_a_run_is_counted_alone(tell: Tell) -> None:
    assert any(line.startswith("✓ load.p1 measured") for line in lines(raw(tell()[1:6])))


def test_a_run_that_stops_midway_leaves_the_cursor_visible(tell: Tell) -> None:
    assert raw(tell()[:4]).rstrip().rfind("\x1b[?25h") > raw(tell()[:4]).rfind("\x1b[?25l")
