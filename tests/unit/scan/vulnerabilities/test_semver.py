"""The order of semantic versions, by the examples of its specification."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.vulnerabilities.semver import Semver

ORDERED = [
    "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
    "1.0.0-rc.1", "1.0.0", "1.9.0", "1.10.0", "1.11.0", "2.0.0", "2.1.0", "2.1.1",
]  # fmt: skip
NUMBER = st.integers(0, 10**6)
WORD = st.from_regex(r"[0-9]{1,3}|[a-z-][0-9a-z-]{0,4}", fullmatch=True)
PRE = st.lists(WORD, max_size=3).map(lambda words: "-" + ".".join(words) if words else "")
VERSIONS = st.builds(lambda a, b, c, pre: f"{a}.{b}.{c}{pre}", NUMBER, NUMBER, NUMBER, PRE)


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(ORDERED)))
def test_the_specification_s_examples_are_in_order(lower: str, higher: str) -> None:
    assert Semver(lower) < Semver(higher)


@pytest.mark.parametrize("text", ["v1.2.0", "=1.2", "1.2", " 1.2.0", "1.2.0+build.7", "1.2.0+a-b"])
def test_prefixes_missing_parts_and_build_metadata_change_nothing(text: str) -> None:
    assert Semver(text) == Semver("1.2.0")
    assert hash(Semver(text)) == hash(Semver("1.2.0"))


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3.4", "1.2.3-", "1.2.3-a..b", "1.2.3-ä", "1.x", "9" * 19, "1.2.3\n.4"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no semantic version"):
        Semver(text)


@settings(deadline=None)
@given(VERSIONS, VERSIONS, VERSIONS)
def test_the_order_is_total(a: str, b: str, c: str) -> None:
    one, two, three = Semver(a), Semver(b), Semver(c)
    assert (one < two) + (one == two) + (two < one) == 1
    assert not (one < two and two < three) or one < three


@settings(deadline=None)
@given(VERSIONS.filter(lambda text: "-" in text))
def test_a_pre_release_comes_before_its_release(text: str) -> None:
    assert Semver(text) < Semver(text.partition("-")[0])


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_version_or_refused(text: str) -> None:
    try:
        found = Semver(text)
    except ValueError:
        return
    assert found == Semver(text.strip())


def test_a_version_is_no_text() -> None:
    assert Semver("1.0.0") != "1.0.0"
