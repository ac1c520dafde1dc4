"""Requests that are looked for in the log."""

from battery.readiness.observability.logs.examination import examine_log
from battery.readiness.observability.logs.flaws import log_flaws
from battery.readiness.observability.logs.traced import Traced, are_found, traced, wait_for

LINE = '{"time": "t", "level": "info", "request_id": "abc"}'


def test_the_ids_of_an_answer_are_taken_from_its_headers() -> None:
    found = traced(
        "mine", {"X-Request-Id": "theirs", "X-Correlation-ID": "c", "Server": "s", "x-trace-id": ""}
    )
    assert found == Traced(sent="mine", answered=("theirs", "c"))


def test_a_request_is_found_by_its_own_id_or_by_that_of_its_answer() -> None:
    requests = (Traced(sent="a1", answered=()), Traced(sent="b1", answered=("b2",)))
    assert are_found(requests, ["x a1 y", "z b2"]) is True
    assert are_found(requests, ["x a1 y"]) is False
    assert are_found(requests[:1], ["nothing"]) is None


def test_lines_are_waited_for_until_all_ids_are_there() -> None:
    seen = [["a"], ["a", "b"], ["a", "b", "c"]]
    assert wait_for(lambda: seen.pop(0), ("a", "b"), 60.0) == ["a", "b"]
    assert wait_for(lambda: ["a"], ("b",), 0.0) == ["a"]


def test_what_is_wrong_whatever_the_lines_look_like() -> None:
    named, bare = examine_log([LINE]), examine_log([LINE.replace("request_id", "path")])
    assert list(log_flaws(named, True, ())) == []
    assert list(log_flaws(named, None, ())) == []
    assert [flaw.rule for flaw in log_flaws(named, False, ["line 1: token"])] == [
        "logs.request",
        "logs.secret",
    ]
    assert [flaw.text for flaw in log_flaws(bare, False, ())] == [
        "no line tells a request id: what one user met cannot be put together"
    ]
    assert [flaw.text for flaw in log_flaws(examine_log(["prose"]), False, ())] == [
        "no line can be parsed, so none tells a request id"
    ]
    assert (named.complete_percent, examine_log([]).complete_percent) == (100.0, None)
