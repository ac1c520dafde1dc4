"""CVSS 4 scores, by the examples of FIRST's specification and calculator, and by what the specification promises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.vulnerabilities.cvss4 import score

BASE = {
    "AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA",
    "VC": "HLN", "VI": "HLN", "VA": "HLN", "SC": "HLN", "SI": "HLN", "SA": "HLN",
}  # fmt: skip
VECTORS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in BASE.items()})


def text(metrics: dict[str, str]) -> str:
    return "CVSS:4.0/" + "/".join(f"{name}:{value}" for name, value in metrics.items())


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0),
        ("AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7),  # CVE-2022-41741, version 4
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7),  # CVE-2014-0160
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:U", 6.6),
        ("AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 8.5),
        ("AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:L/VA:L/SC:L/SI:L/SA:L", 1.0),
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSI:S", 10.0),
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/S:P/U:Red/R:X", 8.7),
    ],
)
def test_known_vectors_score_as_the_calculator_of_first_scores_them(vector: str, expected: float) -> None:
    assert score(f"CVSS:4.0/{vector}") == expected


@settings(deadline=None)
@given(VECTORS)
def test_a_score_is_between_0_and_10_with_one_decimal(metrics: dict[str, str]) -> None:
    found = score(text(metrics))
    assert 0 <= found <= 10
    assert round(found, 1) == found


@settings(deadline=None)
@given(VECTORS)
def test_nothing_lost_scores_nothing_and_something_lost_scores_something(metrics: dict[str, str]) -> None:
    lost = any(metrics[name] != "N" for name in ("VC", "VI", "VA", "SC", "SI", "SA"))
    assert (score(text(metrics)) > 0) is lost


@settings(deadline=None)
@given(VECTORS)
def test_an_exploit_that_is_only_unreported_never_raises_the_score(metrics: dict[str, str]) -> None:
    attacked, shown, unreported = (score(text(metrics) + f"/E:{value}") for value in "APU")
    assert score(text(metrics)) == attacked >= shown >= unreported


@settings(deadline=None)
@given(VECTORS)
def test_a_modified_metric_goes_before_its_base(metrics: dict[str, str]) -> None:
    harmless = "".join(f"/M{name}:N" for name in ("VC", "VI", "VA", "SC", "SI", "SA"))
    assert score(text(metrics) + harmless) == 0.0
    assert score(text(metrics) + "/MAV:X") == score(text(metrics))


@pytest.mark.parametrize(
    "vector",
    [
        "", "CVSS:3.1/AV:N", "CVSS:4.0/AV:N", text(dict.fromkeys(BASE, "N")),
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:S/SA:N",
        "CVSS:4.0/AV:NA/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/SA:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/U:Blue",
    ],
)  # fmt: skip
def test_what_is_no_vector_is_refused(vector: str) -> None:
    with pytest.raises(ValueError, match="CVSS 4 vector"):
        score(vector)
