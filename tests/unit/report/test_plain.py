import io
from collections.abc import Callable

from battery.model.event import AnyEvent
from battery.report.plain import PlainProgress

Tell = Callable[..., list[AnyEvent]]


def shown(events: list[AnyEvent], stream: io.StringIO) -> list[str]:
    renderer = PlainProgress(stream)
    for event in events:
        renderer(event)
    renderer.close()
    return stream.getvalue().splitlines()


def test_each_event_is_one_line(tell: Tell) -> None:
    assert shown(tell(), io.StringIO()) == [
        "[     0.0 s] run r1: 4 checks, 1 kept from before; http://127.0.0.1:8000",
        "[     0.1 s] 2/4 load.p1 began: P1 baseline (at most 30.0 s)",
        "[    12.0 s] load.p1 50%: stage steady",
        "[    20.0 s] load.p1 measured in 19.9 s: load.p1.p99 = 320.5, load.p1.errors = 0.2, a.c = 1 and 1 more",
        "[    20.0 s] 3/4 docs began: the documents (at most 30.0 s)",
        "[    20.1 s] docs skipped in 100 ms: stage steady",
        "[    20.2 s] 4/4 boom began: stage steady (at most 30.0 s)",
        "[    20.3 s] boom errored in 100 ms: stage steady",
        "[    21.0 s] gate G2 tail latency: fail: 1240 ms is not within 800 ms",
        "[    21.0 s] gate G3 errors: pass",
        "[    21.0 s] run finished: FAILED, level none, no certificate",
    ]


def test_every_line_of_a_baseline_run_says_baseline(tell: Tell) -> None:
    lines = shown(tell("baseline"), io.StringIO())
    assert lines
    assert all(line.startswith("BASELINE ") for line in lines)
    assert "nothing was measured" in lines[0]


def test_hostile_text_stays_on_its_line(tell: Tell) -> None:
    lines = shown(tell(text="a\nb\r\x1b[2J\udc80"), io.StringIO())
    assert len(lines) == 11
    assert "a b \\u001b[2J\\udc80" in lines[2]


def test_a_check_without_a_run_is_shown_too(tell: Tell) -> None:
    assert shown(tell()[1:2], io.StringIO()) == ["[     0.1 s] load.p1 began: P1 baseline (at most 30.0 s)"]


def test_a_reader_that_left_does_not_stop_the_run(tell: Tell) -> None:
    class Closed(io.StringIO):
        """A pipe that nobody reads."""

        tries = 0

        def write(self, text: str) -> int:
            """As a closed pipe answers."""
            self.tries += 1
            raise BrokenPipeError(32, "Broken pipe")

    stream = Closed()
    shown(tell(), stream)
    assert stream.tries == 1
