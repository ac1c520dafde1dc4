from datetime import UTC, datetime

import pytest

from battery.model.gate import Bound
from battery.model.measure import Unit
from battery.model.verdict import RuleVerdict
from battery.report.quantity_text import (
    counted,
    duration,
    instant,
    limit_text,
    number,
    size,
    value_text,
)


def verdict(
    value: float | None, limit: float = 800, unit: Unit = "ms", bound: Bound = "value", n: int | None = None
) -> RuleVerdict:
    return RuleVerdict(
        rule="r",
        measure="a.b",
        operator="<=",
        limit=limit,
        unit=unit,
        bound=bound,
        value=value,
        n=n,
        status="fail",
        waived=False,
        reason="",
        evidence="",
        next_step="",
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1240.0, "1240"),
        (0.1234567, "0.123457"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (1e300, "1e+300"),
    ],
)
def test_a_number_has_the_digits_a_person_compares(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.85, "850 ms"),
        (12.34, "12.3 s"),
        (245, "4 min 5 s"),
        (7380, "2 h 3 min"),
        (float("nan"), "unknown"),
        (-1, "unknown"),
    ],
)
def test_a_duration_reads_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_value_and_limit_name_bound_unit_and_samples() -> None:
    judged = verdict(1240, bound="upper", n=412)
    assert value_text(judged) == "1240 ms (upper bound), n = 412"
    assert limit_text(judged) == "upper bound <= 800 ms"


def test_no_value_is_said_in_a_word() -> None:
    assert value_text(verdict(None)) == "none"
    assert value_text(verdict(None, n=20)) == "none, n = 20"


def test_counts_and_booleans_need_no_unit() -> None:
    assert value_text(verdict(3, unit="count")) == "3"
    assert value_text(verdict(1, limit=0, unit="bool")) == "true"


def test_a_value_just_beyond_its_limit_never_reads_like_the_limit() -> None:
    judged = verdict(800.0000001)
    assert value_text(judged) == "800.0000001 ms"
    assert limit_text(judged) == "<= 800 ms"


def test_sizes_moments_and_counts_read_as_people_write_them() -> None:
    assert [size(1), size(2048), size(3 << 20), size(5 << 30)] == ["1 B", "2.0 KiB", "3.0 MiB", "5.0 GiB"]
    assert instant(datetime(2026, 3, 1, 2, 0, 7, tzinfo=UTC)) == "2026-03-01 02:00:07 UTC"
    assert [counted(1, "rule"), counted(2, "rule")] == ["1 rule", "2 rules"]
