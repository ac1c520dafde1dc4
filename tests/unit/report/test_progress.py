import io

import pytest

from battery.report.live import LiveProgress
from battery.report.plain import PlainProgress
from battery.report.progress import choose_renderer, wants_colour


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """As a terminal answers."""
        return True


def test_a_person_at_a_terminal_gets_live_progress() -> None:
    assert isinstance(choose_renderer(Terminal(), {"TERM": "xterm"}), LiveProgress)
    assert wants_colour(Terminal(), {})


@pytest.mark.parametrize("environ", [{"CI": "true"}, {"CI": "1"}, {"TERM": "dumb"}])
def test_ci_and_dumb_terminals_get_plain_lines(environ: dict[str, str]) -> None:
    assert isinstance(choose_renderer(Terminal(), environ), PlainProgress)
    assert not wants_colour(Terminal(), environ)


def test_a_pipe_gets_plain_lines() -> None:
    assert isinstance(choose_renderer(io.StringIO(), {}), PlainProgress)


def test_ci_false_is_no_ci() -> None:
    assert isinstance(choose_renderer(Terminal(), {"CI": "false"}), LiveProgress)


def test_no_color_takes_the_colours_and_leaves_the_bar() -> None:
    environ = {"NO_COLOR": "1", "TERM": "xterm"}
    assert isinstance(choose_renderer(Terminal(), environ), LiveProgress)
    assert not wants_colour(Terminal(), environ)
    assert wants_colour(Terminal(), {"NO_COLOR": ""})
