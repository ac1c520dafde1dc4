"""The semantic checks: what parses and still cannot be true, or would mislead whoever reads it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.flaw import errors
from battery.readiness.observability.metrics.cardinality import Cardinality, cardinality_of
from battery.readiness.observability.metrics.examination import metric_flaws
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.metrics.reading import read_exposition

ASSETS = Path(__file__).parents[4] / "assets" / "expositions"


def read(text: str) -> Exposition:
    return read_exposition(text.encode())


def rules(text: str) -> list[str]:
    return [flaw.rule for flaw in metric_flaws(read(text))]


def described(name: str, kind: str, body: str) -> str:
    return f"# HELP {name} Something.\n# TYPE {name} {kind}\n{body}"


@pytest.mark.parametrize("name", ["shop.prom", "shop.openmetrics"])
def test_what_a_library_exposes_has_no_flaw(name: str) -> None:
    flaws = metric_flaws(read_exposition((ASSETS / name).read_bytes()))
    assert [flaw for flaw in flaws if not flaw.where.endswith("_created")] == []


HISTOGRAM = 'h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_count 3\nh_sum 4\n'


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('{le="1"} 2', '{le="1"} 4', "not cumulative"),
        ("h_count 3", "h_count 4", "+Inf bucket counts 3 and its _count 4"),
        ('h_bucket{le="+Inf"} 3\n', "", "no +Inf bucket"),
        ("h_count 3\n", "", "no _count"),
        ("h_sum 4\n", "", "no _sum"),
        ('le="1"', 'le="one"', "no number as its le"),
        ('h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\n', "", "no buckets"),
    ],
)
def test_a_broken_histogram_is_told(old: str, new: str, text: str) -> None:
    assert metric_flaws(read(described("h", "histogram", HISTOGRAM))) == ()
    flaws = metric_flaws(read(described("h", "histogram", HISTOGRAM.replace(old, new))))
    assert [flaw.rule for flaw in flaws] == ["metrics.histogram"]
    assert text in flaws[0].text


def test_each_label_set_of_a_histogram_is_judged_by_itself() -> None:
    good = HISTOGRAM.replace("{", '{a="1",').replace("_count", '_count{a="1"}').replace("_sum", '_sum{a="1"}')
    bad = good.replace('a="1"', 'a="2"').replace('_count{a="2"} 3', '_count{a="2"} 9')
    (flaw,) = metric_flaws(read(described("h", "histogram", good + bad)))
    assert flaw.where == 'h{a="2"}'


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_cumulative_buckets_never_have_a_flaw_and_falling_ones_always(steps: list[int]) -> None:
    counts = [sum(steps[: number + 1]) for number in range(len(steps))]
    bounds = [*(str(number) for number in range(len(steps) - 1)), "+Inf"]
    lines = [f'h_bucket{{le="{le}"}} {n}\n' for le, n in zip(bounds, counts, strict=True)]
    tail = f"h_count {counts[-1]}\nh_sum 1\n"
    assert rules(described("h", "histogram", "".join(lines) + tail)) == []
    falling = [f'h_bucket{{le="{le}"}} {n}\n' for le, n in zip(bounds, reversed(counts), strict=True)]
    if len(set(counts)) > 1:
        body = "".join(falling) + f"h_count {counts[0]}\nh_sum 1\n"
        assert rules(described("h", "histogram", body)) == ["metrics.histogram"]


@pytest.mark.parametrize("value", ["-1", "NaN", "+Inf"])
def test_a_counter_that_counts_what_cannot_be_is_told(value: str) -> None:
    assert rules(described("a_total", "counter", f"a_total {value}\n")) == ["metrics.value"]


def test_a_summary_needs_its_count_its_sum_and_real_quantiles() -> None:
    whole = 's{quantile="0.5"} 1\ns_count 1\ns_sum 1\n'
    assert rules(described("s", "summary", whole)) == []
    assert rules(described("s", "summary", whole.replace("0.5", "50"))) == ["metrics.summary"]
    assert rules(described("s", "summary", 's{quantile="x"} 1\n')) == ["metrics.summary"] * 3


def test_a_series_told_twice_is_found_in_both_formats() -> None:
    body = 'a_total{x="1",y="2"} 1\na_total{y="2",x="1"} 2\n'
    flaws = errors(metric_flaws(read(described("a_total", "counter", body))))
    assert [(flaw.rule, flaw.where) for flaw in flaws] == [("metrics.repeated", 'a_total{x="1",y="2"}')]
    exposed = f"# HELP a A.\n# TYPE a counter\n{body}# EOF\n".replace(" 2\n", ' 2 # {id="7"} 1\n')
    flaws = errors(metric_flaws(read(exposed)))
    assert [flaw.rule for flaw in flaws] == ["metrics.repeated"]


def test_series_without_type_or_help_or_in_two_places_are_told() -> None:
    assert rules("a 1\n") == ["metrics.type", "metrics.help"]
    assert rules("# TYPE a gauge\na 1\n") == ["metrics.help"]
    assert "metrics.scattered" in rules(described("a", "gauge", "a 1\nb 2\n") + 'a{x="1"} 3\n')


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("hits", "counter", "ends with _total"),
        ("hits_total", "gauge", "_total is for counters"),
        ("wait_ms", "gauge", "count in seconds, not in ms"),
        ("wait_minutes_total", "counter", "count in seconds"),
        ("heap_megabytes", "gauge", "count in bytes"),
        ("load_percent", "gauge", "count in ratio"),
        ("HeapSize", "gauge", "lower case"),
        ("a:b", "gauge", "recording rules"),
    ],
)
def test_names_against_the_conventions_are_warnings(name: str, kind: str, text: str) -> None:
    flaws = metric_flaws(read(described(name, kind, f"{name} 1\n")))
    assert [flaw.weight for flaw in flaws] == ["warning"]
    assert text in flaws[0].text
    assert errors(flaws) == ()


def test_the_label_that_makes_most_series_is_named() -> None:
    body = "".join(f'a_total{{user="{n}",code="200"}} 1\n' for n in range(30))
    found = cardinality_of(read(described("a_total", "counter", body) + described("b", "gauge", "b 1\n")))
    assert found == Cardinality(
        series=31,
        families=2,
        largest="a_total",
        largest_series=30,
        widest_label="user",
        widest_values=30,
    )
    assert cardinality_of(Exposition(format="", families=())).series == 0
