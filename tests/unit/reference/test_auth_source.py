"""Where a request comes from."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.access.source import UNKNOWN, checked_source, source_of


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::9", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("no:address", UNKNOWN),
    ],
)
def test_an_address_counts_as_its_subscriber(host: str, source: str) -> None:
    assert source_of({"client": (host, 1)}) == source


def test_a_request_without_an_address_has_one_source_with_all_its_like() -> None:
    assert source_of({}) == source_of({"client": None}) == UNKNOWN


@given(st.ip_addresses())
def test_a_source_that_a_person_names_is_the_one_that_is_counted(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert checked_source(str(address)) == source_of({"client": (str(address), 1)})


@given(st.text())
def test_what_is_no_address_is_refused(text: str) -> None:
    try:
        assert checked_source(text)
    except ValueError:
        assert text != "192.0.2.7"
