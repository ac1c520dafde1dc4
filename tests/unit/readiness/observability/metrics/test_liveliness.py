"""What an operator needs to see, and counts that stand still."""

from battery.readiness.observability.metrics.classic import read_classic
from battery.readiness.observability.metrics.liveliness import missing_flaws, stillness_flaws

TEXT = '# TYPE http_requests_total counter\nhttp_requests_total{{code="200"}} {}\n'


def test_each_thing_that_nothing_tells_is_named_with_what_to_do() -> None:
    told = [flaw.text for flaw in missing_flaws(read_classic(TEXT.format(1)), "/metrics")]
    assert told == [
        "nothing tells the duration: observe every request in a histogram, as in http_request_duration_seconds"
    ]


def test_a_count_that_moves_is_enough_and_one_that_does_not_is_a_flaw() -> None:
    one, two = (read_classic(TEXT.format(count)) for count in (1, 2))
    assert list(stillness_flaws(one, two, "/metrics", 1)) == []
    [flaw] = stillness_flaws(one, one, "/metrics", 7)
    assert flaw.text.startswith("no count grew over 7 requests")


def test_a_count_that_fell_has_moved_too() -> None:
    one, two = (read_classic(TEXT.format(count)) for count in (1, 2))
    assert list(stillness_flaws(two, one, "/metrics", 1)) == []
