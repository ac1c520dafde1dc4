"""Health under load: the answers are counted and timed while others are asked."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.health.answer import HealthAnswer
from battery.readiness.observability.health.strain import Strain, strain


def test_each_path_is_asked_as_often_as_wanted_while_the_load_runs() -> None:
    turns: set[int] = set()
    lock, paths = threading.Lock(), []

    def load(turn: int) -> None:
        with lock:
            assert turn not in turns
            turns.add(turn)

    def look(path: str) -> HealthAnswer:
        paths.append(path)
        return HealthAnswer(path=path, status=200, milliseconds=float(len(paths)))

    found = strain(look, ("/live", "/ready"), load, looks=10, workers=2)
    assert paths == ["/live", "/ready"] * 10
    assert found.load == len(turns) >= 2
    assert (found.latency, found.slowest.milliseconds) == (19.0, 20.0)


def test_the_load_ends_when_a_look_fails() -> None:
    before = threading.active_count()

    def look(path: str) -> HealthAnswer:
        raise RuntimeError(path)

    try:
        strain(look, ("/live",), lambda _: None, looks=1)
    except RuntimeError:
        pass
    else:
        raise AssertionError("the look's error is the caller's")
    assert threading.active_count() == before


@given(times=st.lists(st.floats(0, 1e5), min_size=1, max_size=50))
def test_the_latency_is_one_that_was_seen_and_few_are_above_it(times: list[float]) -> None:
    answers = tuple(HealthAnswer(path="/", milliseconds=each) for each in times)
    found = Strain(answers=answers, load=1).latency
    assert found in times
    assert sum(each > found for each in times) <= 0.05 * len(times)
