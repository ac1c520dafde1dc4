"""Requests become a ledger."""

from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.job import JobStage
from battery.load.journeys.names import UNBEGUN
from battery.load.journeys.recorder import BROKEN_TASK, NO_REQUEST, Recorder
from battery.load.journeys.traveller import Traveller

MS = 1_000_000
STAGES = (JobStage(name="one", seconds=1.0), JobStage(name="two", seconds=1.0))


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 10_000 * MS

    def __call__(self) -> int:
        return self.now

    def pass_ms(self, milliseconds: float) -> None:
        self.now += int(milliseconds * MS)


class Book:
    """A recorder with its clock, and what it has taken so far."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.recorder = Recorder(STAGES, self.clock)
        self.recorder.zero = self.clock.now
        self.user = Traveller()

    def request(self, name: str = "GET /", kind: str = "", took: float = 5.0) -> None:
        """One request from start to end, as a client that reports at once makes it."""
        attempt = self.recorder.begin(self.user, lambda: name)
        self.clock.pass_ms(took)
        self.recorder.judge(attempt, name, kind, int(took * MS))
        self.recorder.returned(attempt, None)

    def counts(self) -> dict[str, Counter[str]]:
        """Counts and errors by name."""
        found: dict[str, Counter[str]] = {}
        for each in self.recorder.take()[0]:
            name = self.recorder.names.all()[each.endpoint]
            sums = {"planned": each.planned, "sent": each.sent, "ok": each.ok, "failed": each.failed}
            found.setdefault(name, Counter()).update(sums | each.errors)
        return {name: +counts for name, counts in found.items()}


@pytest.fixture
def book() -> Book:
    return Book()


def test_a_request_that_went_well_is_entered_when_its_journey_has_gone_on(book: Book) -> None:
    book.request("a")
    assert book.counts() == {}
    book.request("b")
    assert book.counts() == {"a": {"planned": 1, "sent": 1, "ok": 1}}
    book.recorder.settle(book.user)
    assert book.counts() == {"b": {"planned": 1, "sent": 1, "ok": 1}}


def test_an_exception_fails_the_last_answer_as_its_own_kind_and_its_text_is_kept(book: Book) -> None:
    book.request("a")
    book.request("b")
    book.recorder.settle(book.user, broken=KeyError("price"))
    found = book.counts()
    assert found["a"]["ok"] == 1
    assert found["b"] == {"planned": 1, "sent": 1, "failed": 1, "exception": 1}
    assert not book.recorder.faults
    assert book.recorder.exceptions.counts() == {"KeyError: 'price'": 1}


def test_an_exception_over_an_answer_that_was_to_be_judged_is_one_too(book: Book) -> None:
    attempt = book.recorder.begin(book.user, lambda: "a")
    book.recorder.returned(attempt, SimpleNamespace(status_code=200))
    book.recorder.settle(book.user, broken=ValueError("no price\nin <html>…"))
    assert book.counts()["a"] == {"planned": 1, "sent": 1, "failed": 1, "exception": 1}
    assert book.recorder.exceptions.counts() == {"ValueError: no price": 1}


class Empty(Exception):
    """An exception that counts what it found, which is nothing."""

    def __len__(self) -> int:
        return 0


def test_an_exception_that_is_false_is_one_all_the_same(book: Book) -> None:
    book.request("a")
    book.recorder.settle(book.user, broken=Empty())
    assert book.counts()["a"]["exception"] == 1


def test_an_exception_over_an_error_page_is_a_wrong_status(book: Book) -> None:
    attempt = book.recorder.begin(book.user, lambda: "a")
    book.recorder.returned(attempt, SimpleNamespace(status_code=500))
    book.recorder.settle(book.user, broken=ValueError("no price"))
    assert book.counts()["a"] == {"planned": 1, "sent": 1, "failed": 1, "status": 1}
    assert not book.recorder.exceptions.counts()


def test_an_exception_after_a_failure_is_its_consequence(book: Book) -> None:
    book.request("a", "refused")
    book.recorder.settle(book.user, broken=AttributeError("json"))
    assert book.counts()["a"] == {"planned": 1, "sent": 1, "failed": 1, "refused": 1}
    assert not book.recorder.faults
    assert not book.recorder.exceptions.counts()


def test_an_exception_without_a_request_is_the_locustfiles_fault(book: Book) -> None:
    book.recorder.settle(book.user, broken=RuntimeError())
    assert book.recorder.faults == {BROKEN_TASK: 1}
    assert book.recorder.exceptions.counts() == {"RuntimeError": 1}


def test_the_first_request_of_a_journey_counts_from_when_the_journey_was_due(book: Book) -> None:
    book.user.depart(book.clock.now, 0)
    book.clock.pass_ms(30)
    book.request("a", took=5)
    book.request("a", took=7)
    book.recorder.settle(book.user)
    (series,) = book.recorder.take()[0]
    assert series.response == {35_000: 1, 7_000: 1}
    assert series.service == {5_000: 1, 7_000: 1}


def test_a_late_first_request_belongs_to_the_stage_of_its_arrival(book: Book) -> None:
    book.user.depart(book.clock.now, 0)
    book.clock.pass_ms(1500)
    book.request("a")
    book.request("a")
    book.recorder.settle(book.user)
    assert [each.stage for each in book.recorder.take()[0]] == [0, 1]


def test_what_is_in_flight_at_the_end_has_failed_with_the_latency_it_reached(book: Book) -> None:
    attempt = book.recorder.begin(book.user, lambda: "a")
    book.clock.pass_ms(400)
    assert book.recorder.abandon() == 1
    book.recorder.judge(attempt, "a", "", 400 * MS)
    book.recorder.returned(attempt, None)
    book.recorder.settle(book.user, cut_short=True)
    (series,) = book.recorder.take()[0]
    assert (series.sent, series.ok, series.errors, series.response) == (1, 0, {"timeout": 1}, {400_000: 1})
    assert not book.recorder.in_flight


@pytest.mark.parametrize(
    ("status", "cut_short", "kind"),
    [(200, False, "expectation"), (200, True, ""), (500, False, "status"), (500, True, "status")],
)
def test_an_answer_that_was_never_judged(book: Book, status: int, cut_short: bool, kind: str) -> None:
    attempt = book.recorder.begin(book.user, lambda: "a")
    book.recorder.returned(attempt, SimpleNamespace(status_code=status))
    assert not book.recorder.in_flight
    book.recorder.settle(book.user, cut_short=cut_short)
    assert book.counts()["a"] == Counter(
        {"planned": 1, "sent": 1, ("failed" if kind else "ok"): 1} | ({kind: 1} if kind else {})
    )


def test_an_answer_that_is_judged_later_keeps_its_judgement(book: Book) -> None:
    attempt = book.recorder.begin(book.user, lambda: "a")
    book.recorder.returned(attempt, SimpleNamespace(status_code=200))
    book.recorder.judge(attempt, "renamed", "", MS)
    book.recorder.settle(book.user)
    assert book.counts() == {"renamed": {"planned": 1, "sent": 1, "ok": 1}}


def test_a_journey_without_a_request_is_dropped(book: Book) -> None:
    book.user.depart(book.clock.now, 1)
    book.recorder.settle(book.user)
    book.recorder.settle(book.user)
    assert book.recorder.dropped == 1
    series, _, shortages = book.recorder.take()
    assert [(each.stage, each.planned, each.sent) for each in series] == [(1, 1, 0)]
    assert shortages == {NO_REQUEST: 1}


def test_a_request_that_this_machine_could_not_send_is_dropped(book: Book) -> None:
    attempt = book.recorder.begin(book.user, lambda: "a")
    book.recorder.judge(attempt, "a", "reset", 0, "no free descriptor")
    series, _, shortages = book.recorder.take()
    assert [(each.planned, each.sent, each.failed) for each in series] == [(1, 0, 0)]
    assert (book.recorder.dropped, shortages) == (1, {"no free descriptor": 1})


def test_an_arrival_that_waited_in_vain_has_timed_out(book: Book) -> None:
    due = book.clock.now
    book.clock.pass_ms(5000)
    book.recorder.expire(0, due)
    (series,) = book.recorder.take()[0]
    assert (series.errors, series.response) == ({"timeout": 1}, {5_000_000: 1})
    assert book.recorder.names.all() == (UNBEGUN,)


def test_a_protocol_whose_starts_are_unseen_counts_from_when_it_was_due(book: Book) -> None:
    book.user.depart(book.clock.now, 0)
    book.clock.pass_ms(50)
    book.recorder.ended(book.user, "RPC x", "", 20 * MS)
    book.recorder.ended(None, "RPC x", "expectation", 10 * MS)
    book.recorder.settle(book.user)
    (series,) = book.recorder.take()[0]
    assert series.response == {50_000: 1, 10_000: 1}
    assert book.recorder.foreign


def test_lags_and_shortages_are_taken_once(book: Book) -> None:
    book.recorder.lag += [3, 3, 4]
    assert book.recorder.take()[1] == {3: 2, 4: 1}
    assert book.recorder.take() == ((), {}, {})


def test_a_request_before_the_start_belongs_to_the_first_stage_and_one_after_the_end_to_the_last(
    book: Book,
) -> None:
    zero = book.recorder.zero
    assert [book.recorder.stage_at(zero + ms * MS) for ms in (-500, 0, 999, 1000, 5000)] == [0, 0, 0, 1, 1]


ACTIONS = st.lists(
    st.sampled_from(
        ["begin", "judge", "fail", "lack", "return", "settle", "break", "depart", "end", "abandon"]
    ),
    max_size=40,
)


@given(ACTIONS)
def test_whatever_happens_the_ledger_adds_up(actions: list[str]) -> None:
    book = Book()
    recorder, user, begun = book.recorder, book.user, []
    for action in actions:
        book.clock.pass_ms(1)
        if action == "begin":
            begun.append(recorder.begin(user, lambda: "a"))
        elif action in ("judge", "fail", "lack") and begun:
            lacks = "no free descriptor" if action == "lack" else ""
            recorder.judge(begun[-1], "b", "" if action == "judge" else "reset", MS, lacks)
        elif action == "return" and begun:
            recorder.returned(begun.pop(), SimpleNamespace(status_code=200))
        elif action in ("settle", "break"):
            recorder.settle(user, broken=RuntimeError() if action == "break" else None)
        elif action == "depart" and not user.due:
            user.depart(book.clock.now, 0)
        elif action == "end":
            recorder.ended(user, "c", "", MS)
        elif action == "abandon":
            recorder.abandon()
    recorder.abandon()
    recorder.settle(user, cut_short=True)
    total = sum(book.counts().values(), Counter[str]())
    assert total["planned"] == total["sent"] + recorder.dropped
    assert total["sent"] == total["ok"] + total["failed"]
    assert total["exception"] + recorder.faults[BROKEN_TASK] == sum(recorder.exceptions.counts().values())
    assert not recorder.in_flight
    assert not user.unjudged
    assert user.held is None
