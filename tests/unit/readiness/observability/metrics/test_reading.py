"""Both formats are read alike; what is no exposition is refused with the line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from battery.readiness.observability.metrics.exposition import Exposition, ExpositionUnreadable
from battery.readiness.observability.metrics.lines import LONGEST_LINE, MOST_LINES
from battery.readiness.observability.metrics.reading import read_exposition

ASSETS = Path(__file__).parents[4] / "assets" / "expositions"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def open_metrics(registry: CollectorRegistry) -> bytes:
    return bytes(generate_openmetrics(registry))  # type: ignore[no-untyped-call]


def series(exposition: Exposition) -> dict[str, float]:
    return {str(one): one.value for one in exposition.samples if not one.name.endswith("_created")}


def test_both_formats_of_one_registry_tell_the_same_series() -> None:
    classic = read_exposition((ASSETS / "shop.prom").read_bytes())
    other = read_exposition((ASSETS / "shop.openmetrics").read_bytes(), OPENMETRICS)
    assert (classic.format, other.format) == ("Prometheus text", "OpenMetrics")
    assert series(classic) == series(other)
    assert series(classic)['http_requests_total{code="500",path="/orders"}'] == 3


def test_openmetrics_is_recognised_by_its_end_where_the_content_type_says_nothing() -> None:
    assert read_exposition((ASSETS / "shop.openmetrics").read_bytes()).format == "OpenMetrics"


def test_counters_keep_the_names_that_they_have() -> None:
    exposition = read_exposition(b"# TYPE hits counter\nhits 3\n# TYPE kits_total counter\nkits_total 4\n")
    assert series(exposition) == {"hits": 3, "kits_total": 4}
    assert [family.kind for family in exposition.families] == ["counter", "counter"]


def test_series_without_a_type_are_joined_under_their_name() -> None:
    exposition = read_exposition(b'a{x="1"} 1\na{x="2"} 2\nb 3\na{x="3"} 4\n')
    assert [(family.name, len(family.samples)) for family in exposition.families] == [
        ("a", 2),
        ("b", 1),
        ("a", 1),
    ]
    assert len(exposition.by_name["a"]) == 3


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b"<!doctype html><p>metrics", "line 1: it begins with '<'"),
        (b'{"requests": 5}', "line 1: it begins with '{'"),
        (b"# HELP a b\n", "it holds no series"),
        (b"a 1\nb one\n", "line 2: "),
        (b'a 1\nb 2\nc{x="y" 3\n', "line 3: "),
        (b"a 1\n\xff 2\n", "line 2: not UTF-8"),
        (b"# TYPE a counter\na 1\n# TYPE a gauge\n", "line 3: a second TYPE for a"),
        (b"# TYPE a thermometer\na 1\n", "thermometer"),
        (b"a 1\n" + b"b" * (LONGEST_LINE + 1), "line 2: 16385 characters"),
        (b"a 1\n" * (MOST_LINES + 1), "lines, at most"),
        (b"1a 1\n", "line 1: "),
    ],
)
def test_what_is_no_exposition_is_refused_with_a_reason(data: bytes, problem: str) -> None:
    with pytest.raises(ExpositionUnreadable) as caught:
        read_exposition(data)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "# TYPE a counter\na_total 1\n",
        "# TYPE a counter\na_total -1\n# EOF\n",
        "# TYPE a gauge\na 1\n\n# EOF\n",
        "# TYPE a counter\na 1\n# TYPE a counter\n# EOF\n",
        '# TYPE a histogram\na_bucket{le="+Inf"} 2\na_count 1\na_sum 1\n# EOF\n',
        "a\n# EOF\n",
    ],
)
def test_openmetrics_is_held_to_its_own_grammar(text: str) -> None:
    with pytest.raises(ExpositionUnreadable):
        read_exposition(text.encode(), OPENMETRICS)


def test_more_bytes_than_the_bound_are_refused_unread() -> None:
    with pytest.raises(ExpositionUnreadable, match="17000000 bytes, at most"):
        read_exposition(b"x" * 17_000_000)


def test_fifty_thousand_series_are_read() -> None:
    data = b"".join(b'a{x="%d"} 1\n' % number for number in range(50_000))
    assert sum(1 for _ in read_exposition(data).samples) == 50_000


@given(
    st.dictionaries(
        st.tuples(st.text(max_size=8), st.text(max_size=8)), st.integers(0, 2**40), min_size=1, max_size=6
    )
)
def test_whatever_a_library_writes_is_read_back_in_both_formats(values: dict[tuple[str, str], int]) -> None:
    registry = CollectorRegistry()
    counter = Counter("made", "Made\nup \\ here.", ["one", "other"], registry=registry)
    Gauge("level", "Level.", registry=registry).set(-1.5)
    for labels, value in values.items():
        counter.labels(*(text.encode("utf-8", "replace").decode() for text in labels)).inc(value)
    for data, kind in ((generate_latest(registry), ""), (open_metrics(registry), OPENMETRICS)):
        exposition = read_exposition(data, kind)
        assert sum(sample.value for sample in exposition.by_name["made_total"]) == sum(values.values())
        assert exposition.repeated == ()


@given(st.binary(max_size=200))
def test_any_bytes_are_an_exposition_or_refused(data: bytes) -> None:
    for kind in ("", OPENMETRICS):
        try:
            exposition = read_exposition(data, kind)
        except ExpositionUnreadable:
            continue
        assert any(family.samples for family in exposition.families)
