"""The blast radius."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.faults.reach import outside


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST."])
def test_loopback_is_inside(host: str) -> None:
    assert outside(host, 80, ()) == ""


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "example.org", "::2", "localhost.example.org", "127.0.0.1.nip.io", ""]
)
def test_anything_else_is_outside_unless_it_is_named(host: str) -> None:
    assert "neither on this machine's loopback nor named" in outside(host, 80, ())
    assert outside(host, 80, (f"{host}:80",)) == ""
    assert outside(host, 81, (f"{host}:80",)) != ""


def test_a_named_address_of_version_6_is_written_in_brackets() -> None:
    assert outside("fe80::1", 80, ("[fe80::1]:80",)) == ""


@given(st.ip_addresses(), st.integers(1, 65535))
def test_an_address_is_inside_exactly_when_it_is_loopback(address: object, port: int) -> None:
    assert (outside(str(address), port, ()) == "") == address.is_loopback  # type: ignore[attr-defined]
