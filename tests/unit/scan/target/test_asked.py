"""Requests: headers merged by name, and nothing that could end a line early."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.errors import UsageError
from battery.scan.target.asked import Asked, as_bytes, check_headers, merged, needs_trust
from battery.scan.target.scope import origin_of

HOME = origin_of("http://shop.example:8000")


def test_own_headers_replace_common_ones_whatever_their_case() -> None:
    asked = Asked(path="/", headers=(("ACCEPT", "x/y"), ("authorization", "own")), body=b"ab")
    fields = merged(asked, HOME, {"Authorization": "common", "X-Tenant": "1"})
    assert fields["Accept"] == "x/y"
    assert fields["Authorization"] == "own"
    assert fields["X-Tenant"] == "1"
    assert fields["Content-Length"] == "2"
    assert as_bytes(asked, fields).endswith(b"\r\n\r\nab")


def test_an_anonymous_request_goes_without_the_common_headers() -> None:
    fields = merged(Asked(path="/", anonymous=True), HOME, {"Authorization": "common"})
    assert "Authorization" not in fields
    assert fields["Host"] == "shop.example:8000"


@pytest.mark.parametrize(
    ("url", "asked", "common", "trust"),
    [
        ("https://shop.example", Asked(path="/"), {"A": "secret"}, True),
        ("https://shop.example", Asked(path="/", anonymous=True), {"A": "secret"}, False),
        ("https://shop.example", Asked(path="/", anonymous=True, secret=True), {}, True),
        ("https://shop.example", Asked(path="/"), {}, False),
        ("https://shop.example", Asked(path="/", verify=True), {}, True),
        ("https://127.0.0.1", Asked(path="/", secret=True), {"A": "secret"}, False),
        ("http://shop.example", Asked(path="/", secret=True), {"A": "secret"}, False),
    ],
)
def test_secrets_go_to_trusted_targets_only(
    url: str, asked: Asked, common: dict[str, str], trust: bool
) -> None:
    assert needs_trust(asked, origin_of(url), common) is trust


@given(st.text(max_size=50))
def test_no_path_ends_the_request_line_early(path: str) -> None:
    data = as_bytes(Asked(path="/" + path), {"Host": "t"})
    line, *rest = data.split(b"\r\n")
    assert len(line.split(b" ")) == 3
    assert rest == [b"Host: t", b"", b""]


@pytest.mark.parametrize(
    "headers", [{"a b": "x"}, {"": "x"}, {"A": "secret\r\nB: c"}, {"A": "sec\0ret"}, {"A": "€"}]
)
def test_what_cannot_be_a_header_is_refused_without_its_value(headers: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        check_headers(headers, "identity x")
    assert "secret" not in str(caught.value)


def test_what_can_be_a_header_passes() -> None:
    check_headers({"Authorization": "Bearer a.b-c", "X-Ü".replace("Ü", "U"): "\té"}, "x")
