"""Where the dependency listens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.dependency.address import Address, WrongAddress, address_in, parsed


def test_without_a_word_there_is_none() -> None:
    assert address_in({}) is None
    assert address_in({"DEPENDENCY_ADDRESS": " "}) is None


@pytest.mark.parametrize(
    "environment",
    [
        {"DEPENDENCY_ADDRESS": "127.0.0.1:9000"},
        {"DEPENDENCY_URL": "tcp://127.0.0.1:9000"},
        {"DEPENDENCY_URL": "tcp://127.0.0.1:9000/"},
        {"DEPENDENCY_ADDRESS": "127.0.0.1:9000", "DEPENDENCY_URL": "nonsense"},
    ],
)
def test_an_address_or_a_url_names_it(environment: dict[str, str]) -> None:
    assert address_in(environment) == Address("127.0.0.1", 9000)


def test_a_host_may_be_ipv6() -> None:
    assert parsed("[::1]:9000", "X") == Address("::1", 9000)


@pytest.mark.parametrize(
    "text", ["127.0.0.1", ":9000", "x:0", "x:65536", "x:y", "http://x:80", "tcp://x:80/path", "[::1", "x:1?y"]
)
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(
        WrongAddress, match=r"which is no address: write host:port, such as 127\.0\.0\.1:9000"
    ):
        parsed(text, "DEPENDENCY_ADDRESS")


@given(st.text())
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        address = parsed(text, "X")
    except WrongAddress:
        return
    assert address.host
    assert 0 < address.port < 65536
