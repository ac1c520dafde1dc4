"""CVSS 3 base scores, by the examples that FIRST publishes (https://www.first.org/cvss/v3-1/examples)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.vulnerabilities.cvss3 import base_score

METRICS = {"AV": "NALP", "AC": "LH", "PR": "NLH", "UI": "NR", "S": "UC", "C": "HLN", "I": "HLN", "A": "HLN"}
VECTORS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in METRICS.items()})


def text(metrics: dict[str, str], version: str = "3.1") -> str:
    return f"CVSS:{version}/" + "/".join(f"{name}:{value}" for name, value in metrics.items())


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),  # CVE-2013-1937
        ("AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),  # CVE-2013-0375
        ("AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),  # CVE-2014-3566
        ("AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),  # CVE-2012-1516
        ("AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),  # CVE-2009-0783 and others
        ("AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.5),  # CVE-2012-0384
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),  # CVE-2014-0160
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),  # CVE-2014-6271
        ("AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),  # CVE-2014-2005
        ("AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:H/A:N", 8.6),
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
    ],
)
@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_published_examples_score_as_published(version: str, vector: str, score: float) -> None:
    assert base_score(f"CVSS:{version}/{vector}") == score


@settings(deadline=None)
@given(VECTORS)
def test_a_score_is_between_0_and_10_with_one_decimal(metrics: dict[str, str]) -> None:
    score = base_score(text(metrics))
    assert 0 <= score <= 10
    assert round(score, 1) == score


@settings(deadline=None)
@given(VECTORS, st.sampled_from(sorted(METRICS)))
def test_a_graver_value_never_lowers_the_score(metrics: dict[str, str], name: str) -> None:
    values = METRICS[name] if name != "S" else "CU"
    graver = metrics | {name: values[max(values.index(metrics[name]) - 1, 0)]}
    if name == "S":  # the scope also changes the formula of the impact: the specification promises nothing
        return
    assert base_score(text(graver)) >= base_score(text(metrics))


def test_temporal_metrics_do_not_change_the_base_score() -> None:
    plain = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
    assert base_score(plain + "/E:U/RL:O/RC:X/MAV:P") == base_score(plain)


@pytest.mark.parametrize(
    "vector",
    [
        "", "CVSS:2.0/AV:N", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:3.1/AV:N",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/E:\x1b[31m", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/QQ:N",
    ],
)  # fmt: skip
def test_what_is_no_vector_is_refused(vector: str) -> None:
    with pytest.raises(ValueError, match="CVSS 3 vector"):
        base_score(vector)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_vector_or_refused(vector: str) -> None:
    with pytest.raises(ValueError, match="CVSS 3 vector"):
        base_score("CVSS:3.1/" + vector)
