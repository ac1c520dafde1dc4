"""The truth test: the target's own counts beside the ledger; what cannot be compared is unknown, never equal."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.metrics.reading import read_exposition
from battery.readiness.observability.metrics.truth import SentLoad, Truth, truth_of

LIMIT = 1.0  # percent: the gate's


def scrape(requests: float, latencies: float | None = None, more: str = "") -> Exposition:
    took = requests if latencies is None else latencies
    return read_exposition(
        f"""# TYPE http_requests_total counter
http_requests_total{{code="200"}} {requests}
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{{le="+Inf"}} {took}
http_request_duration_seconds_count {took}
http_request_duration_seconds_sum 1
{more}""".encode()
    )


def load(sent: int, beside: int = 0) -> SentLoad:
    return SentLoad(sent=sent, ok=sent, failed=0, latencies=sent, beside=beside)


def test_an_exact_target_differs_by_nothing() -> None:
    truth = truth_of(scrape(7), scrape(1007), load(1000))
    assert truth.worst == 0
    assert truth.counter.name == "http_requests_total"
    assert truth.counter.why == "its name tells that it counts requests"
    assert (truth.counter.counted, truth.counter.expected) == (1000, 1000)


def test_twenty_of_twenty_targets_that_miss_two_percent_are_caught_and_exact_ones_are_not() -> None:
    dice = random.Random(6)
    for _ in range(20):
        sent, start = dice.randint(500, 50_000), dice.randint(0, 10**6)
        exact = truth_of(scrape(start), scrape(start + sent), load(sent)).worst
        counted = round(sent * 0.98)
        lying = truth_of(scrape(start), scrape(start + counted), load(sent)).worst
        assert exact is not None
        assert lying is not None
        assert exact <= LIMIT < lying


def test_a_count_that_fits_by_chance_does_not_hide_the_count_of_requests() -> None:
    queries = "# TYPE db_queries_total counter\ndb_queries_total {}\n"
    truth = truth_of(scrape(0, more=queries.format(0)), scrape(900, 1000, queries.format(1000)), load(1000))
    assert truth.counter.name == "http_requests_total"
    assert truth.counter.percent == pytest.approx(10)
    assert truth.histogram.percent == 0


def test_metrics_that_never_move_differ_by_everything() -> None:
    assert truth_of(scrape(5), scrape(5), load(1000)).worst == 100


def test_requests_beside_the_ledger_are_expected_too() -> None:
    assert truth_of(scrape(0), scrape(1003), load(1000, beside=3)).worst == 0


def test_new_series_began_at_nothing() -> None:
    after = scrape(900, 1000, 'http_requests_total{code="500"} 100\n')
    assert truth_of(scrape(0), after, load(1000)).worst == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (scrape(5000), scrape(1000)),
        (scrape(0, more='http_requests_total{code="500"} 1\n'), scrape(1000)),
    ],
)
def test_counts_that_fell_or_vanished_are_unknown(before: Exposition, after: Exposition) -> None:
    truth = truth_of(before, after, load(1000))
    assert truth.counter.percent is None
    assert truth.worst is None
    assert "restarted" in truth.counter.why


def unnamed(count: float) -> Exposition:
    return read_exposition(
        f"# TYPE work_total counter\nwork_total {count}\n# TYPE ticks_total counter\nticks_total 3\n".encode()
    )


def test_without_a_telling_name_the_count_that_grew_by_about_as_many_is_taken() -> None:
    counter = truth_of(unnamed(0), unnamed(980), load(1000)).counter
    assert counter.name == "work_total"
    assert counter.percent == pytest.approx(2)
    assert "grew by about as many" in counter.why


def test_without_any_likely_count_it_is_unknown_and_says_how_to_name_one() -> None:
    truth = truth_of(unnamed(0), unnamed(10), load(1000))
    assert truth.counter.percent is None
    assert "name the count in battery.toml" in truth.counter.why
    assert "work_total (+10)" in truth.counter.why
    assert truth.histogram.why == "the target exposes no such count"


def test_battery_toml_may_name_the_counts_with_their_labels() -> None:
    more = 'http_requests_total{{code="200",path="/metrics"}} {}\n'
    before, after = scrape(0, more=more.format(0)), scrape(1000, more=more.format(77))
    named: Truth = truth_of(
        before,
        after,
        load(1000),
        counter='http_requests_total{path!="/metrics"}',
        histogram="http_request_duration_seconds",
    )
    assert named.worst == 0
    assert named.counter.why == "battery.toml names it"
    assert truth_of(before, after, load(1000)).counter.percent == pytest.approx(7.7)


@pytest.mark.parametrize(
    ("counter", "why"),
    [
        ("requests_served_total", "which the target does not expose"),
        ("sum(", "names no series"),
        ("a + b", "expected one series"),
    ],
)
def test_a_name_that_is_wrong_is_unknown_with_the_reason(counter: str, why: str) -> None:
    truth = truth_of(scrape(0), scrape(10), load(10), counter=counter)
    assert truth.counter.percent is None
    assert why in truth.counter.why


def test_several_telling_names_are_told() -> None:
    more = "# TYPE http_server_requests_total counter\nhttp_server_requests_total {}\n"
    counter = truth_of(scrape(0, more=more.format(0)), scrape(1000, more=more.format(40)), load(1000)).counter
    assert counter.name == "http_requests_total"
    assert counter.others == ("http_server_requests_total (+40)",)


@pytest.mark.parametrize(
    ("ledger", "why"),
    [
        (SentLoad(sent=0, ok=0, failed=0, latencies=0), "sent no request"),
        (SentLoad(sent=10, ok=5, failed=1, latencies=10), "does not add up"),
        (SentLoad(sent=10, ok=10, failed=0, latencies=0), "nothing to compare with"),
    ],
)
def test_a_ledger_that_proves_nothing_leaves_it_unknown(ledger: SentLoad, why: str) -> None:
    truth = truth_of(scrape(0), scrape(10), ledger)
    assert truth.worst is None
    assert why in f"{truth.counter.why} {truth.histogram.why}"


def test_a_summary_and_a_counter_without_type_are_counts_too() -> None:
    text = "http_requests_total {0}\n# TYPE http_request_seconds summary\nhttp_request_seconds_count {0}\n"
    before, after = (read_exposition(text.format(count).encode()) for count in (1, 101))
    assert truth_of(before, after, load(100)).worst == 0


@given(st.integers(1, 10**6), st.integers(0, 2 * 10**6), st.integers(0, 10**9))
def test_the_difference_is_that_of_the_two_numbers(sent: int, counted: int, start: int) -> None:
    truth = truth_of(scrape(start), scrape(start + counted), load(sent))
    assert truth.worst == pytest.approx(100 * abs(counted - sent) / sent)


def test_a_ledger_below_zero_cannot_be_decoded() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"sent": -1, "ok": 0, "failed": 0, "latencies": 0}, SentLoad)
