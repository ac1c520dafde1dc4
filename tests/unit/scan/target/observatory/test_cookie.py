"""Cookies: kept as browsers keep them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.observatory.cookie import Jar, parsed, same_site_is_invalid

HOST = "www.shop.example"


@pytest.mark.parametrize(
    "header",
    [
        "novalue",
        "=nameless",
        "a=1\x01",
        "a=1; Domain=elsewhere.example",
        "a=1; Domain=example",
        "__Secure-a=1",
        "__Host-a=1; Secure; Domain=shop.example; Path=/",
        "__Host-a=1; Secure; Path=/x",
    ],
)
def test_what_a_browser_refuses_is_not_kept(header: str) -> None:
    assert parsed(header, HOST, "/") is None


def test_an_address_sets_no_cookie_for_a_domain() -> None:
    assert parsed("a=1; Domain=127.0.0.1", "127.0.0.1", "/") is None


def test_attributes_are_read_whatever_their_case_and_order() -> None:
    cookie = parsed(" a = b=c ; PATH=/x; samesite=LAX;HttpOnly ;; SECURE; Domain=.shop.example", HOST, "/")
    assert cookie is not None
    assert (cookie.name, cookie.value, cookie.domain, cookie.path) == ("a", "b=c", "shop.example", "/x")
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "lax")


@pytest.mark.parametrize(("path", "own"), [("/", "/"), ("/a", "/"), ("/a/b?c/d", "/a"), ("", "/")])
def test_a_cookie_without_a_path_belongs_to_the_folder(path: str, own: str) -> None:
    cookie = parsed("a=1; Path=relative; Domain=", HOST, path)
    assert cookie is not None
    assert (cookie.path, cookie.domain) == (own, HOST)


def test_a_later_cookie_replaces_an_earlier_one() -> None:
    jar = Jar()
    jar.take(["a=1", "b=2; Path=/x", "broken"], HOST, "/")
    jar.take(["a=3; Secure"], HOST, "/")
    assert jar.header() == "a=3; b=2"
    assert [cookie.secure for cookie in jar.cookies()] == [True, False]


@pytest.mark.parametrize(
    ("header", "invalid"),
    [("a=1", False), ("a=1; SameSite=None", False), ("a=1; SameSite", True), ("a=1; samesite = maybe", True)],
)
def test_an_unknown_same_site_is_told(header: str, invalid: bool) -> None:
    assert same_site_is_invalid(header) is invalid


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_header_breaks_it(header: str, path: str) -> None:
    cookie = parsed(header, HOST, path)
    assert cookie is None or cookie.path.startswith("/")
    same_site_is_invalid(header)
