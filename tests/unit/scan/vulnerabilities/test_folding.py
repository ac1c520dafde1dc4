"""Folding: records that share a name are one vulnerability."""

from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.vulnerabilities.folding import folded
from battery.scan.vulnerabilities.source import Match
from tests.unit.scan.vulnerabilities.records import record


def match(name: str, *aliases: str) -> Match:
    return Match(name, "", record(name, aliases=list(aliases)))


def test_records_that_name_each_other_are_one_under_the_cve() -> None:
    (one,) = folded([match("GHSA-1", "CVE-1"), match("PYSEC-1", "CVE-1"), Match("PYSEC-1")])
    assert (one.name, one.ids) == ("CVE-1", ("CVE-1", "GHSA-1", "PYSEC-1"))
    assert len(one.matches) == 3


def test_a_record_that_joins_two_makes_one_of_three() -> None:
    assert len(folded([match("A-1"), match("B-1"), match("C-1", "A-1", "B-1"), match("D-1")])) == 2


def test_what_cannot_be_a_name_folds_nothing() -> None:
    assert [one.ids for one in folded([match("A-1", "\x1b[31m", ""), match("B-1", "")])] == [
        ("A-1",),
        ("B-1",),
    ]


NAMES = st.sampled_from(["A-1", "B-1", "C-1", "CVE-1", "CVE-2", "D-1"])
MATCHES = st.lists(
    st.builds(lambda name, aliases: match(name, *aliases), NAMES, st.lists(NAMES, max_size=2)), max_size=6
)


@settings(deadline=None)
@given(MATCHES, st.randoms())
def test_no_match_is_lost_no_name_stands_twice_and_the_order_changes_nothing(
    matches: list[Match], order: object
) -> None:
    found = folded(matches)
    assert sum(len(one.matches) for one in found) == len(matches)
    names = [name for one in found for name in one.ids]
    assert len(names) == len(set(names))
    shuffled = list(matches)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [one.ids for one in folded(shuffled)] == [one.ids for one in found]
